"""A class of tracks -> its folder."""
