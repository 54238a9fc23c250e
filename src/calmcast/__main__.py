"""`python -m calmcast`."""

from calmcast.cli.entry import main

if __name__ == "__main__":
    main()
