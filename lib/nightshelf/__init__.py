"""Nightshelf: what shoppers said and what the shelf holds, understood every night."""
