"""The bits of a result depend on versions and processor alone; elsewhere labels and weeks hold."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.results import Ensemble
from tests.contract.test_model_is_mesa import MESA_NAMES

REPLICATES = 300
SEED = 1
TREE = Path(__file__).parents[2]
#: The oldest versions supported of what computes and of what writes.
OLDEST = ["numpy==2.0.*", "scipy==1.13.*", "pandas==2.2.*", "xarray==2024.6.*", "h5netcdf==1.4.*"]
#: What must hold where versions or processor differ: equal labels and weeks in so many replicates.
EQUAL = 0.9999

Tries = Callable[[int, int], int]

#: Runs the ensemble as a user's process does, and writes what came out.
PROGRAM = """
import locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    sys.exit(f"there is no locale {sys.argv[1:]}")
import numpy
import sim
from sim.environment import environment
found = sim.run(sim.load("oslo_2019"), int(sys.argv[1]), int(sys.argv[2]))
columns = dict(found.table) | {f"parameter:{k}": v for k, v in found.parameters.items()}
for name, weekly in found.weekly.items():
    columns |= {f"paths:{name}": weekly.paths, f"counts:{name}": weekly.counts}
numpy.savez(sys.argv[3], twins=found.twins, **columns)
# Text that is written depends on encodings; its bytes must not.
if "save" in sys.argv:
    found.save(sys.argv[3] + ".result", figures=False)
print(environment())
"""

#: What a process may find around it: variables, options of Python, the folder that it runs in.
SURROUNDINGS: list[tuple[dict[str, str], list[str], str]] = [
    ({"PYTHONHASHSEED": "0", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"}, ["-O"], "."),
    ({"PYTHONHASHSEED": "random", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "UTC"}, [], "/"),
    ({"PYTHONHASHSEED": "1"}, [], "."),
    ({"PYTHONHASHSEED": "4294967295"}, [], "a folder with ünusual näme"),
    ({"LC_ALL": "tr_TR.UTF-8"}, [], "."),
    ({"LC_ALL": "C"}, [], "."),
    ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, [], "."),
    ({"TZ": "America/Caracas"}, [], "."),
    ({"TZ": "Asia/Kathmandu"}, [], "."),
    ({"TZ": "Pacific/Kiritimati"}, [], "."),
    ({}, ["-O"], "."),
    ({}, ["-OO"], "/"),
    ({}, ["-X", "dev"], "."),
    ({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}, [], "."),
    ({"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "7"}, [], "."),
    ({"MALLOC_PERTURB_": "85"}, [], "."),
]


def turkish(folder: Path) -> dict[str, str]:
    """Return what makes the Turkish locale known, in which the small letter of I is no i."""
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    if any(line.lower().startswith("tr_tr.utf") for line in listed.splitlines()):
        return {}
    if shutil.which("localedef") is None:
        pytest.skip("there is no locale tr_TR.UTF-8, nor what makes one")
    target = folder / "locales" / "tr_TR.UTF-8"
    if not target.exists():
        target.parent.mkdir()
        words = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(target)]
        subprocess.run(words, capture_output=True, check=False)
    if not target.exists():
        pytest.skip("the locale tr_TR.UTF-8 cannot be made")
    return {"LOCPATH": str(target.parent)}


def elsewhere(
    out: Path,
    replicates: int,
    variables: dict[str, str] | None = None,
    options: list[str] | None = None,
    folder: Path | None = None,
    python: str = sys.executable,
    save: bool = True,
) -> str:
    """Run the program in a process of its own; return the environment that it names."""
    done = subprocess.run(
        [
            *(python, *(options or []), "-c", PROGRAM, str(replicates), str(SEED), str(out)),
            *(["save"] * save),
        ],
        env=os.environ | {"PYTHONPATH": str(TREE)} | (variables or {}),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def assert_same_files(one: Path, other: Path, where: object) -> None:
    """Check that two saved results are the same byte for byte; figures are not among them."""
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), (where, name)


def test_surroundings_change_no_bit(tmp_path: Path, tries: Tries) -> None:
    elsewhere(tmp_path / "here.npz", REPLICATES)
    for variables, options, folder in SURROUNDINGS[: tries(2, len(SURROUNDINGS))]:
        where = (variables, options, folder)
        if variables.get("LC_ALL", "").startswith("tr"):
            variables = variables | turkish(tmp_path)
        inside = tmp_path / folder
        inside.mkdir(exist_ok=True)
        elsewhere(tmp_path / "there.npz", REPLICATES, variables, options, inside)
        here, there = (tmp_path / f"{name}.npz.result" for name in ("here", "there"))
        assert_same_files(here, there, where)
        one, other = (np.load(tmp_path / f"{name}.npz") for name in ("here", "there"))
        assert one.files == other.files
        for name in one.files:
            assert one[name].tobytes() == other[name].tobytes(), (where, name)
        shutil.rmtree(there)


LAYOUTS = list(product((1, 2, 4), (50, 128, 8192), ("forward", "backward", "shuffled")))
PIECE = 100


def in_pieces(scenario: sim.Scenario, workers: int, block: int, order: str) -> list[Ensemble]:
    """Run the ensemble in pieces that start in some order; return them by their first replicate."""
    starts = list(range(0, REPLICATES, PIECE))
    if order == "backward":
        starts.reverse()
    elif order == "shuffled":
        random.Random(f"{workers} {block}").shuffle(starts)
    found = {
        start: sim.run(scenario, PIECE, SEED, workers, start=start, block=block) for start in starts
    }
    return [found[start] for start in sorted(found)]


def test_workers_blocks_and_order_of_start_change_no_bit(tries: Tries) -> None:
    scenario = sim.load("oslo_2019")
    whole = sim.run(scenario, REPLICATES, SEED)
    layouts = random.Random(8).sample(LAYOUTS, len(LAYOUTS))
    for layout in layouts[: tries(1, len(layouts))]:
        pieces = in_pieces(scenario, *layout)
        for name, values in whole.table.items():
            joined = np.concatenate([piece.table[name] for piece in pieces])
            assert joined.tobytes() == values.tobytes(), (layout, name)
        for name, values in whole.parameters.items():
            joined = np.concatenate([piece.parameters[name] for piece in pieces])
            assert joined.tobytes() == values.tobytes(), (layout, name)
        for name, weekly in whole.weekly.items():
            joined = np.concatenate([piece.weekly[name].paths for piece in pieces])
            assert joined.tobytes() == weekly.paths.tobytes(), (layout, name)
            counts = sum(piece.weekly[name].counts for piece in pieces)
            assert np.array_equal(counts, weekly.counts), (layout, name)


def assert_alike(one: Path, other: Path, where: str) -> None:
    """Check labels and weeks of two runs elsewhere, and print what differs."""
    here, there = np.load(one), np.load(other)
    assert here.files == there.files
    equal = (here["outcome"] == there["outcome"]) & (here["week"] == there["week"])
    bits = [name for name in here.files if here[name].tobytes() != there[name].tobytes()]
    told = f"{where}: {(~equal).sum()} of {len(equal)} replicates end otherwise"
    print(f"{told}; {len(bits)} of {len(here.files)} columns differ in some bit")
    assert equal.mean() >= EQUAL, f"{told}, the first is {np.flatnonzero(~equal)[:1]}"


def test_without_vector_instructions_labels_and_weeks_hold(tmp_path: Path, tries: Tries) -> None:
    replicates = tries(2_000, 100_000)
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    plain = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(found),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX,-FMA,-FMA4",
    }
    here = elsewhere(tmp_path / "here.npz", replicates, save=False)
    there = elsewhere(tmp_path / "there.npz", replicates, plain, save=False)
    assert (here != there) == bool(found)
    assert_alike(tmp_path / "here.npz", tmp_path / "there.npz", "without vector instructions")


#: Every line of Mesa that the package is meant for; 4 is a preview until it is out.
MESA = ["mesa==3.3.*", "mesa==3.4.*", "mesa==3.5.*", "mesa>=4.0.0a0"]
#: Prints the public names of Mesa's classes that ours are made from.
NAMES = """
import mesa
empty = mesa.Model()
for one in (empty, mesa.Agent(empty)):
    print(*(name for name in {*dir(type(one)), *vars(one)} if not name.startswith("_")))
"""


def interpreters() -> list[str]:
    """Return the Pythons of this machine that can make an environment, the newest first."""
    found = subprocess.run([TREE / ".ci" / "pythons"], capture_output=True, text=True, check=True)
    return found.stdout.splitlines()


def installed(folder: Path, python: str, wanted: list[str]) -> str:
    """Return a Python of its own with the package in it. Fails with pip's reason."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True, capture_output=True)
    own = folder / "bin" / "python"
    words = [str(own), "-m", "pip", "install", "--quiet", "--only-binary", ":all:", str(TREE)]
    done = subprocess.run([*words, *wanted], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{python} with {wanted}: {done.stderr[-2000:]}"
    return str(own)


def cases() -> list[tuple[str, list[str]]]:
    """Return Python and what is asked of pip for each environment that has to agree."""
    pythons = interpreters()
    lock = ["--constraint", str(TREE / "constraints.txt")]
    return [
        *((python, lock) for python in pythons if not os.path.samefile(python, sys.executable)),
        *((python, []) for python in pythons),
        *((pythons[0], [wanted]) for wanted in MESA),
        (pythons[-1], OLDEST),
    ]


@pytest.mark.slow
def test_other_versions_of_python_numpy_and_mesa_give_the_same_labels_and_weeks(
    tmp_path: Path, tries: Tries, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--reliability"):
        pytest.skip("makes environments; run with --reliability")
    replicates = tries(2_000, 100_000)
    elsewhere(tmp_path / "here.npz", replicates)
    for number, (python, wanted) in enumerate(cases()):
        own, there = tmp_path / f"venv{number}", tmp_path / f"{number}.npz"
        inside = installed(own, python, wanted)
        print(elsewhere(there, replicates, python=inside).strip())
        assert_alike(tmp_path / "here.npz", there, f"{python} {wanted}")
        known = subprocess.run([inside, "-c", NAMES], capture_output=True, text=True, check=True)
        for kind, names in zip(("Model", "Agent"), known.stdout.splitlines(), strict=True):
            assert set(names.split()) <= set(MESA_NAMES[kind]), (wanted, kind)
        shutil.rmtree(own)
