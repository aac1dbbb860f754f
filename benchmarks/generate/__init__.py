"""How fast a language model writes descriptions in the engine, beside a plain loop."""
