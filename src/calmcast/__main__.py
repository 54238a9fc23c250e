"""`python -m calmcast`."""

from calmcast.cli.main import main

if __name__ == "__main__":
    main()
