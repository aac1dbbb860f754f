"""From files of reviews to labelled texts in parts that do not know each other."""
