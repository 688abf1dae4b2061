"""``python -m sim`` is ``parley``."""

from sim.cli.main import main

main()
