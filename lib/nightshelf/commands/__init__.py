"""What each command of `nightshelf` does; the words it takes are in `nightshelf.cli`."""
