"""The only home of pyspark."""
