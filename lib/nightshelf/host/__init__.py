"""The processes that hold models' weights, and how workers reach them."""
