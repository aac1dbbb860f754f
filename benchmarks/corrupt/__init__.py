"""True texts about products and seeded lies, made without knowing how they are told apart."""
