"""A small invented shop, written for this project: two nights of files, and what is planted."""
