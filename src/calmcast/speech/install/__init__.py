"""Natural voices that are not there yet: found, fetched, unpacked and tried."""
