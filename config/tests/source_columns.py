"""Table and column names of the five source documents (0 minimal, 1 dao, 2 token-social, 3 shop, 4 forum-market).

A plain list of facts: "<document> <table>" → its columns. Tables that a document names without columns have none here.
What becomes of each stands in `data_map.py`.
"""

_COLUMNS = {
    "0 users": "id email name created_at updated_at",
    "0 posts": "id user_id title status created_at updated_at",
    "0 comments": "id post_id content created_at updated_at",
    "0 wallets": "id user_id balance lock_version created_at updated_at",
    "1 users": """id email password_hash first_name last_name username role is_active email_verified
        two_factor_secret created_at updated_at last_login""",
    "1 profiles": """id user_id bio avatar_url website twitter discord telegram preferences created_at updated_at""",
    "1 wallets": "id user_id address network type is_primary is_verified created_at updated_at",
    "1 tokens": """id symbol name contract_address network total_supply circulating_supply description image_url
        is_active created_at updated_at""",
    "1 user_tokens": "id user_id token_id balance staked_balance voting_power last_updated created_at updated_at",
    "1 proposals": """id proposer_id title description type status metadata voting_start voting_end quorum_threshold
        approval_threshold total_votes yes_votes no_votes abstain_votes created_at updated_at""",
    "1 votes": "id proposal_id voter_id vote_type voting_power reason created_at updated_at",
    "1 comments": "id proposal_id user_id parent_id content likes dislikes is_deleted created_at updated_at",
    "1 notifications": "id user_id type title message data is_read created_at updated_at",
    "1 transactions": """id user_id type status amount currency description metadata transaction_hash created_at
        updated_at""",
    "1 audit_logs": """id user_id action resource_type resource_id old_values new_values ip_address user_agent
        created_at""",
    "1 settings": "id key value type description is_public created_at updated_at",
    "2 accounts": """account_id phone_number phone_verified_at token_balance tokens_earned_lifetime
        tokens_spent_lifetime last_tax_collected_at last_stipend_received_at total_tax_paid total_stipend_received
        daily_comments_free_remaining daily_comments_reset_at last_active_at is_early_adopter weeks_since_signup
        posts_created_count comments_created_count created_at updated_at""",
    "2 pages": """page_id account_id username display_name bio avatar_url is_active is_primary followers_count
        posts_count total_tokens_earned created_at updated_at""",
    "2 follows": "follower_account_id following_page_id created_at",
    "2 posts": """post_id page_id account_id content content_hash total_tokens_received unique_spenders_count
        peak_token_percentage queue_level queue_entered_at last_queue_promotion_at last_queue_demotion_at decay_rate
        last_decay_applied_at last_token_received_at tokens_lost_to_decay last_boosted_at boost_count visibility_score
        engagement_velocity comments_count views_count is_edited edited_at deleted_at deleted_by created_at
        updated_at""",
    "2 comments": """comment_id post_id page_id account_id content total_tokens_received unique_spenders_count
        parent_comment_id thread_depth was_free token_cost deleted_at created_at updated_at""",
    "2 token_transactions": """transaction_id spender_account_id spender_page_id target_type target_id tokens_spent
        tokens_to_creator tokens_to_government tokens_burned recipient_account_id recipient_page_id can_unlike_until
        unliked_at created_at""",
    "2 tax_collections": """collection_id account_id balance_before tax_bracket tax_rate tokens_taxed balance_after
        collected_at""",
    "2 stipend_distributions": """distribution_id account_id base_stipend engagement_bonus new_user_bonus
        total_stipend was_active tokens_earned_last_week distributed_at""",
    "2 decay_events": "event_id post_id balance_before decay_rate tokens_decayed balance_after applied_at",
    "2 system_state": """id total_tokens_in_circulation total_tokens_locked_on_content total_tokens_in_government_pool
        total_tokens_burned total_tokens_ever_created total_accounts active_accounts_today total_posts total_comments
        last_tax_collection_at last_stipend_distribution_at last_decay_run_at last_queue_update_at
        last_analytics_update_at updated_at""",
    "2 phone_verifications": """verification_id phone_number verification_code code_hash attempts max_attempts
        verified_at expires_at created_at""",
    "2 notifications": """notification_id account_id type title message reference_type reference_id is_read read_at
        created_at""",
    "2 audit_logs": """log_id account_id page_id action entity_type entity_id details ip_address user_agent
        created_at""",
    "2 v_hot_feed": """post_id content total_tokens_received unique_spenders_count comments_count visibility_score
        queue_level created_at page_id username display_name avatar_url""",
    "2 v_account_wealth": """account_id token_balance tokens_earned_lifetime tokens_spent_lifetime total_tax_paid
        total_stipend_received tokens_locked_on_posts wealth_rank""",
    "3 users": "id email password_hash name created_at updated_at",
    "3 orders": "id user_id status total created_at",
    "3 products": "id name description price stock",
    "3 line_items": "id order_id product_id quantity unit_price",
    "4 users": """id username email password_hash auth_provider is_email_verified role status last_login_at created_at
        updated_at""",
    "4 profiles": """id user_id bio avatar_url location website social_links trading_experience favorite_pairs
        joined_at""",
    "4 user_settings": "",
    "4 user_badges": "",
    "4 user_follows": "follower_id following_id",
    "4 user_activity": "user_id created_at",
    "4 user_wallet": """id user_id balance locked_balance total_earned total_spent loyalty_tier withdrawal_fee
        last_activity created_at""",
    "4 coin_transactions": """id user_id amount type trigger channel description metadata reference_id reference_type
        balance_before balance_after status created_at""",
    "4 coin_journal": "",
    "4 coin_transactions_archive": "",
    "4 withdrawal_requests": """id user_id amount fee net_amount method details status admin_notes processed_by
        processed_at created_at updated_at""",
    "4 vault_coins": "id user_id amount unlock_date source_transaction_id is_unlocked unlocked_at created_at",
    "4 forum_categories": """id name slug description parent_id display_order icon is_active thread_count post_count
        last_post_at created_at""",
    "4 forum_threads": """id title slug content user_id category_id tags view_count reply_count like_count is_pinned
        is_locked is_featured best_reply_id last_reply_at created_at updated_at""",
    "4 forum_replies": """id thread_id user_id content reply_to_id like_count is_best_answer is_deleted edited_at
        created_at""",
    "4 forum_thread_likes": "thread_id user_id",
    "4 forum_thread_views": "",
    "4 forum_reply_likes": "",
    "4 content": """id title slug description long_description user_id category price discount_price features
        requirements tags status download_count view_count rating review_count version file_size preview_images
        is_featured approved_at published_at created_at updated_at""",
    "4 content_purchases": """id content_id user_id price payment_method download_count last_download_at license_key
        expires_at created_at""",
    "4 content_reviews": "",
    "4 content_ratings": "",
    "4 content_likes": "",
    "4 content_replies": "",
    "4 file_assets": "",
    "4 conversations": """id title type creator_id is_group last_message_at message_count created_at updated_at""",
    "4 messages": """id conversation_id sender_id content reply_to_id is_edited is_deleted edited_at deleted_at
        created_at""",
    "4 conversation_participants": """id conversation_id user_id role last_read_at unread_count is_muted joined_at
        left_at""",
    "4 message_attachments": "",
    "4 message_reactions": "",
    "4 message_read_receipts": "",
    "4 admin_actions": "id admin_id action target_type target_id details ip_address user_agent created_at",
    "4 moderation_queue": """id content_type content_id reason reporter_id priority status assigned_to resolution
        resolution_notes resolved_at created_at""",
    "4 audit_logs": "table_name operation user_id row_id old_data new_data created_at",
    "4 sessions": "expire",
}

SOURCE_COLUMNS = {table: tuple(columns.split()) for table, columns in _COLUMNS.items()}
