"""Files in an S3-compatible store by setting: moto's server speaks the protocol over HTTP, boto3 asks it."""

from datetime import timedelta

import boto3
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from moto.server import ThreadedMotoServer

from config import invariants
from tests.make import NOON, a_ticket
from tests.tickets.test_files import photo
from tickets.attachments import files
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\x01" * 3_000_000
KEYS = {"region_name": "us-east-1", "access_key": "test", "secret_key": "test"}


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings):
    client = boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    client.create_bucket(Bucket="huisheng")
    options = {"bucket_name": "huisheng", "endpoint_url": server, "max_memory_size": 2**20, "default_acl": None}
    settings.STORAGES = django_settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | KEYS}
    }
    yield client
    for item in client.list_objects_v2(Bucket="huisheng").get("Contents", []):
        client.delete_object(Bucket="huisheng", Key=item["Key"])
    client.delete_bucket(Bucket="huisheng")


def test_a_film_goes_to_the_bucket_and_comes_back_whole_and_in_pieces(bucket, client, lin, customer_service):
    row = files.store(SimpleUploadedFile("a.mp4", FILM), at=NOON)
    assert [item["Size"] for item in bucket.list_objects_v2(Bucket="huisheng")["Contents"]] == [len(FILM)]
    Attachment.objects.filter(pk=row.pk).update(ticket=a_ticket(department=customer_service))
    client.force_login(lin)
    assert b"".join(client.get(row.get_absolute_url()).streaming_content) == FILM
    piece = client.get(row.get_absolute_url(), headers={"Range": "bytes=10-29"})
    assert (piece.status_code, b"".join(piece.streaming_content)) == (206, FILM[10:30])
    bucket.delete_object(Bucket="huisheng", Key=row.file.name)
    assert client.get(row.get_absolute_url()).status_code == 404


def test_orphans_in_the_bucket_are_found_and_dropped(bucket):
    kept = files.store(SimpleUploadedFile("a.png", photo("PNG")), at=NOON)
    bucket.put_object(Bucket="huisheng", Key="attachments/2026/11/lost", Body=b"x")
    later = timezone.now() + timedelta(days=2)
    assert list(invariants.files(later)) == ["attachments/2026/11/lost: no attachment is known for it"]
    assert files.drop_orphans(before=later) == 1
    assert [item["Key"] for item in bucket.list_objects_v2(Bucket="huisheng")["Contents"]] == [kept.file.name]
