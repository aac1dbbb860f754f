"""Put questions to models in batches; knows neither Spark nor torch."""
