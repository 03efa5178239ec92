"""`python -m restorer` is the console script `restorer`."""

import sys

from restorer.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
