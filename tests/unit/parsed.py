"""A page as a browser's parser takes it apart."""

from html.parser import HTMLParser


class Parsed(HTMLParser):
    """Elements with the names of their attributes, and the text between them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.links, self.texts = [], [], []
        self.feed(text)
        self.close()
        self.text = " ".join("".join(self.texts).split())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, tuple(name for name, _ in attributes)))
        self.links += [v for n, v in attributes if n in ("href", "src", "xlink:href", "action")]

    def handle_data(self, data):
        self.texts.append(data)
