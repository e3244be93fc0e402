"""A run on the workers of a Dask scheduler, some of which die. A real scheduler and worker processes, one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import councilscope as cs
import drill
from councilscope.archive import Summary, annotate_paths, verify
from councilscope.archive.runner import Progress
from councilscope.errors import ConfigError

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc to find the processes to end"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0, silence_logs=50
    ) as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def fill(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.pdf").write_text(text)
    return folder


def run(folder: Path | str, store: Path | str, **options: object) -> Summary:
    return annotate_paths([folder], store, read=drill.read, batch_size=4, **options)  # type: ignore[arg-type]


def test_the_rows_are_those_of_one_machine_although_a_worker_is_killed(
    cluster: Any, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(
        folder, **{f"f{i:02}": f"slow 0.0{i:02}" for i in range(20)}, bad="raise", part="part", crash="crash"
    )
    monkeypatch.chdir(tmp_path)  # the workers have another working directory
    victims: list[int] = []

    def kill_one(step: Progress) -> None:
        if step.path and not victims:
            with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                victims.append(min(client.run(os.getpid).values()))
            os.kill(victims[0], signal.SIGKILL)

    summary = run("in", "far", scheduler=cluster.scheduler_address, progress=kill_one)
    assert victims
    assert summary.statuses == {"ok": 20, "error": 1, "partial": 1, "crashed": 1}
    assert (summary.read, len(summary.failures)) == (23, 3)
    run("in", "near", workers=1)
    for name, frame in cs.Archive("near").frames().items():
        pd.testing.assert_frame_equal(frame, cs.Archive("far").frames()[name])
    assert verify(cs.Archive("far")).problems == []
    assert list((tmp_path / "far" / ".trying").iterdir()) == []
    assert run("in", "far", scheduler=cluster.scheduler_address).read == 0


def test_a_document_that_kills_two_workers_is_set_aside_and_the_others_are_read(
    cluster: Any, tmp_path: Path, folder: Path
) -> None:
    fill(folder, **{f"f{i}": f"ok {i}" for i in range(9)}, poison="poison", hang="hang")
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        summary = run(folder, tmp_path / "store", scheduler=client, timeout=2, timeout_per_page=0)
        assert client.status == "running"
    assert summary.statuses == {"ok": 9, "crashed": 1, "timeout": 1}
    reasons = {status: reason for _, status, reason in summary.failures}
    assert "2 workers died while they read it" in reasons["crashed"]
    assert len(cs.Archive(tmp_path / "store")) == 11


def test_workers_read_from_and_write_to_an_address(cluster: Any, tmp_path: Path, folder: Path) -> None:
    """`local://` is a file system of fsspec that processes share, as they share a bucket."""
    fill(folder, **{f"f{i}": f"ok {i}" for i in range(6)})
    far = f"local://{tmp_path}/far"
    assert run(f"local://{folder}", far, scheduler=cluster.scheduler_address).statuses == {"ok": 6}
    run(folder, tmp_path / "near", workers=0)
    for name, frame in cs.Archive(tmp_path / "near").frames().items():
        pd.testing.assert_frame_equal(frame, cs.Archive(far).frames()[name])
    assert cs.Archive(far).sql("select count(*) as n from blocks")["n"][0] == len(
        cs.Archive(far).table("blocks")
    )


def test_what_is_wrong_with_the_cluster_is_said(
    cluster: Any, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from councilscope.archive import cluster as module

    monkeypatch.setattr(module, "ANSWER", 1)
    fill(folder, a="config")
    with pytest.raises(ConfigError, match="damaged"):
        run(folder, tmp_path / "store", scheduler=cluster.scheduler_address)
    with pytest.raises(ConfigError, match=r"no Dask scheduler answers there.*dask scheduler"):
        run(folder, tmp_path / "store", scheduler="tcp://127.0.0.1:1")


def test_ctrl_c_waits_for_the_batches_in_flight(cluster: Any, tmp_path: Path, folder: Path) -> None:
    fill(folder, **{f"f{i:02}": f"slow 0.1{i:02}" for i in range(24)})
    script = (
        "import sys, drill\nfrom councilscope.archive import annotate_paths\n"
        "said = lambda step: print('done' if step.path else step.phase, flush=True)\n"
        "end = annotate_paths([sys.argv[1]], sys.argv[2], scheduler=sys.argv[3], batch_size=2, read=drill.read, progress=said)\n"
        "sys.exit(end.exit_code)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder), str(tmp_path / "store"), cluster.scheduler_address],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(drill.__file__).parent), *sys.path])},
    )
    assert process.stdout
    while process.stdout.readline().strip() != "done":
        pass
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    kept = len(cs.Archive(tmp_path / "store"))
    assert 2 <= kept < 24
    assert run(folder, tmp_path / "store", scheduler=cluster.scheduler_address).read == 24 - kept
