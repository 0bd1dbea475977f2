from django.db import migrations


class Migration(migrations.Migration):
    """The rule that rewards a first post; staff change it in the admin."""

    dependencies = [("social", "0020_tips_fill_the_vault"), ("economy", "0031_rewards")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO economy_rewardrule (id, slug, trigger, amount, minimum_length, cool_down_minutes, is_on)"
            " VALUES (civitas_uuid7(now()), 'first-post', 'first-post', 5.00, 40, 0, true)",
            "DELETE FROM economy_rewardrule x WHERE slug = 'first-post'"
            " AND NOT EXISTS (SELECT FROM economy_reward r WHERE r.rule_id = x.id)",
        )
    ]
