"""Does a generated text say only what its source says? Decided on the text alone."""
