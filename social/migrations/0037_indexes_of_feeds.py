from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes of the feeds and of threads, built beside readers and writers."""

    atomic = False

    dependencies = [("social", "0036_words_that_carry")]

    operations = [
        RemoveIndexConcurrently(
            model_name="post",
            name="social_post_queue",
        ),
        AddIndexConcurrently(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("root__isnull", False)), fields=["root", "id"], name="social_comment_root"
            ),
        ),
        AddIndexConcurrently(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("parent", None)),
                fields=["post", "-total_tokens_received", "-id"],
                name="social_comment_top",
            ),
        ),
        AddIndexConcurrently(
            model_name="post",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("trend_score__isnull", False)),
                fields=["-trend_score", "-id"],
                name="social_post_trending",
            ),
        ),
        AddIndexConcurrently(
            model_name="post",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("gem_score__isnull", False), ("queue_level__in", [2, 3])),
                fields=["-gem_score", "-id"],
                name="social_post_gems",
            ),
        ),
        AddIndexConcurrently(
            model_name="post",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("queue_level__in", [0, 1, 2])),
                fields=["queue_level", "queue_entered_at"],
                name="social_post_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None), ("pinned_at__isnull", False)),
                fields=("page",),
                name="social_post_pinned_once",
            ),
        ),
    ]
