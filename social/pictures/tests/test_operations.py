"""Pictures: taken in, shown by posts, thrown away."""

import threading
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from constance.test import override_config
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.departures.forgetting import Leaving
from config.lib.images import PictureType
from config.lib.refusals import NotAllowed, TooMany
from social.feed.models import Post
from social.feed.operations import remove_post
from social.feed.operations.leaving import forget_words
from social.feed.operations.writing import UnusableText
from social.pictures import operations, rules
from social.pictures.models import Picture
from social.pictures.tests.conftest import files

pytestmark = pytest.mark.django_db


def test_a_picture_waits_under_a_name_of_ours(alice, send, tmp_path, client):
    picture = send(alice, alt="  A red\n square ")
    assert (picture.alt, picture.width, picture.height) == ("A red square", 120, 90)
    assert files(tmp_path) == [f"{picture.pk.hex}-480.webp"]
    assert client.get(f"/media/{rules.file_name(picture.pk, 480)}")["Content-Type"] == "image/webp"


def test_a_post_shows_them_in_the_order_given(alice, send, show):
    first, second = send(alice), send(alice)
    post = show(alice, second, first)
    kept = Post.objects.get(pk=post.pk).carries["pictures"]
    assert [(one["id"], one["alt"], one["width"]) for one in kept] == [
        (str(second.pk), "Seen: 0", 120),
        (str(first.pk), "Seen: 1", 120),
    ]
    assert list(post.pictures.order_by("place").values_list("pk", flat=True)) == [second.pk, first.pk]


def test_a_post_without_pictures_carries_none(alice, show):
    assert Post.objects.get(pk=show(alice).pk).carries == {}


def test_another_members_picture_is_not_there_and_no_post_is_written(alice, mallory, send, show):
    hers = send(alice)
    with pytest.raises(operations.PictureGone):
        show(mallory, hers)
    with pytest.raises(operations.PictureGone):
        show(mallory, Picture(pk=uuid4()))
    assert not Post.objects.exists()
    assert Picture.objects.get().post_id is None


def test_one_post_for_each_picture(alice, send, show):
    picture = send(alice)
    post = show(alice, picture)
    with pytest.raises(operations.PictureElsewhere):
        show(alice, picture, content="Once more.")
    assert Picture.objects.get().post_id == post.pk


def test_no_more_than_four(alice, send, show):
    with pytest.raises(operations.TooManyPictures):
        show(alice, *[send(alice) for _ in range(5)])
    assert not Post.objects.exists()


@pytest.mark.parametrize(("alt", "is_kept"), [("x" * 300, True), ("x" * 301, False), ("a\0b", False), ("", True)])
def test_descriptions_have_a_length_and_hold_only_what_can_be_kept(alice, send, alt, is_kept):
    if is_kept:
        assert send(alice, alt=alt).alt == alt
    else:
        with pytest.raises(UnusableText):
            send(alice, alt=alt)
        assert not Picture.objects.exists()


def test_suspended_members_send_nothing(alice, send, tmp_path):
    alice.status = "SUSPENDED"
    with pytest.raises(NotAllowed):
        send(alice)
    assert files(tmp_path) == []


def test_uploads_of_all_kinds_share_one_limit(alice, send):
    with override_config(UPLOADS_PER_HOUR=2):
        send(alice)
        with pytest.raises(PictureType):
            send(alice, b"counts too")
        with pytest.raises(TooMany):
            send(alice)


def test_what_cannot_be_kept_leaves_nothing(alice, send, tmp_path):
    with patch.object(default_storage, "save", side_effect=OSError), pytest.raises(OSError):
        send(alice)
    assert (files(tmp_path), Picture.objects.count()) == ([], 0)


# -- Thrown away --------------------------------------------------------------------------------------------------


def test_what_nobody_took_along_goes_after_a_day(alice, send, show, tmp_path, now):
    yesterday = now - timedelta(hours=24, minutes=1)
    send(alice, at=yesterday)
    shown, fresh = send(alice, at=yesterday), send(alice)
    show(alice, shown)
    assert operations.throw_away(at=now) == 1
    assert operations.throw_away(at=now) == 0
    assert set(Picture.objects.values_list("pk", flat=True)) == {shown.pk, fresh.pk}
    assert files(tmp_path) == sorted(f"{picture.pk.hex}-480.webp" for picture in (shown, fresh))


def test_pictures_of_a_removed_post_go_with_the_next_run(alice, send, show, tmp_path, now):
    post = show(alice, send(alice), send(alice))
    kept = show(alice, send(alice), content="This one stays.")
    remove_post(remover=alice, post_id=post.pk, at=now)
    assert Picture.objects.filter(gone_at__isnull=False, post=None).count() == 2
    assert operations.throw_away(at=now) == 2
    assert [picture.post_id for picture in Picture.objects.all()] == [kept.pk]
    assert len(files(tmp_path)) == 1


def test_what_is_being_thrown_away_is_not_taken_along(alice, send, show):
    picture = send(alice)
    Picture.objects.update(gone_at=timezone.now())
    with pytest.raises(operations.PictureElsewhere):
        show(alice, picture)


def test_a_file_that_cannot_be_deleted_is_tried_again_and_holds_up_no_other(alice, send, tmp_path, now):
    long_ago = now - timedelta(days=2)
    stuck, other = send(alice, at=long_ago), send(alice, at=long_ago + timedelta(seconds=1))
    delete = default_storage.delete

    def fail_once(name):
        if stuck.pk.hex in name:
            raise OSError
        delete(name)

    with patch.object(default_storage, "delete", side_effect=fail_once):
        assert operations.throw_away(at=now) == 1
    assert not Picture.objects.filter(pk=other.pk).exists()
    assert operations.throw_away(at=now) == 1
    assert files(tmp_path) == []


def test_erasing_throws_away_what_nobody_sees(alice, bob, send, show, tmp_path, now):
    show(alice, send(alice))
    send(alice)
    send(bob)
    leaving = Leaving(member=alice, removes_writing=False, at=now)
    assert operations.forget_pictures(leaving) is False
    assert Picture.objects.filter(user=alice).count() == 1
    assert Picture.objects.filter(user=bob).count() == 1
    assert len(files(tmp_path)) == 2


def test_erasing_with_what_one_wrote_takes_its_pictures_too(alice, send, show, tmp_path, now):
    show(alice, send(alice), send(alice))
    leaving = Leaving(member=alice, removes_writing=True, at=now)
    for step in (forget_words, operations.forget_pictures):
        while step(leaving):
            pass
    assert (files(tmp_path), Picture.objects.count()) == ([], 0)


# -- Races --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_posts_at_once_one_shows_the_picture(alice, send, show):
    picture = send(alice)
    start, outcomes = threading.Barrier(2), []

    def write(content):
        try:
            start.wait()
            show(alice, picture, content=content)
            outcomes.append("shown")
        except operations.PictureElsewhere:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(content,)) for content in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "shown"]
    assert Post.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_and_a_post_do_not_both_take_a_picture(alice, send, show, now, tmp_path):
    """Either the post shows it and its files are there, or it is gone and no post was written."""
    for number in range(10):
        picture = send(alice, at=now - timedelta(days=2, minutes=number))
        start = threading.Barrier(2)

        def write(number=number, picture=picture, start=start):
            try:
                start.wait()
                show(alice, picture, content=f"Words {number}")
            except (operations.PictureElsewhere, operations.PictureGone):
                pass
            finally:
                connection.close()

        def throw(start=start):
            try:
                start.wait()
                operations.throw_away(at=now)
            finally:
                connection.close()

        threads = [threading.Thread(target=write), threading.Thread(target=throw)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        is_shown = Post.objects.filter(content=f"Words {number}").exists()
        assert is_shown == Picture.objects.filter(pk=picture.pk).exists()
        assert is_shown == (f"{picture.pk.hex}-480.webp" in files(tmp_path))
