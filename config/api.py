"""The API's one list of endpoints (interfaces.md). Each line is a room's view; the words are the room's own."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.invitations import api as invitations
from accounts.members import api as members
from accounts.notifications import api as notifications
from accounts.notifications import events
from accounts.signin import api as signin
from accounts.wallets import api as wallets
from config import public_settings
from economy.ledger import api as ledger
from economy.observatory import api as observatory
from economy.rewards import api as rewards
from economy.stipend import api as stipend
from economy.tax import api as tax
from economy.vault import api as vault
from economy.withdrawals import api as withdrawals
from social.boosts import api as boosts
from social.bounties import api as bounties
from social.coauthors import api as coauthors
from social.drafts import api as drafts
from social.feed import api as feed
from social.hashtags import api as hashtags
from social.pictures import api as pictures
from social.polls import api as polls
from social.search import api as search

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # economy: ledger, observatory
    path("me/wallet", ledger.WalletView.as_view(), name="wallet"),
    path("me/transactions", ledger.TransactionsView.as_view(), name="transactions"),
    path("transfers", ledger.TransfersView.as_view(), name="transfers"),
    path("me/vault", vault.VaultView.as_view(), name="vault"),
    path("withdrawals", withdrawals.WithdrawalsView.as_view(), name="withdrawals"),
    path("withdrawals/<uuid:request_id>", withdrawals.WithdrawalView.as_view(), name="withdrawal"),
    path("economy/state", observatory.StateView.as_view(), name="economy_state"),
    path("economy/history", observatory.HistoryView.as_view(), name="economy_history"),
    path("economy/brackets", observatory.BracketsView.as_view(), name="economy_brackets"),
    path("economy/leaderboard", observatory.LeaderboardView.as_view(), name="leaderboard"),
    path("economy/runs/<str:period>", observatory.WeekView.as_view(), name="economy_week"),
    path("me/taxes", tax.TaxesView.as_view(), name="my_taxes"),
    path("me/stipends", stipend.StipendsView.as_view(), name="my_stipends"),
    path("me/rewards", rewards.MyRewardsView.as_view(), name="my_rewards"),
    path("economy/reward-rules", rewards.RewardRulesView.as_view(), name="reward_rules"),
    path("settings", public_settings.SettingsView.as_view(), name="settings"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    # accounts.signin
    path("auth/send-code", signin.SendCodeView.as_view(), name="send_code"),
    path("auth/verify-code", signin.VerifyCodeView.as_view(), name="verify_code"),
    path("auth/password", signin.PasswordView.as_view(), name="password"),
    path("auth/second-factor", signin.SecondFactorView.as_view(), name="second_factor"),
    path("auth/apply", invitations.ApplyView.as_view(), name="apply"),
    path("auth/refresh", signin.RefreshView.as_view(), name="refresh"),
    path("auth/logout", signin.LogoutView.as_view(), name="logout"),
    # accounts.members
    path("me", members.MeView.as_view(), name="me"),
    path("me/pages", members.MyPagesView.as_view(), name="my_pages"),
    path("me/blocks", members.MyBlocksView.as_view(), name="my_blocks"),
    path("me/mutes", members.MyMutesView.as_view(), name="my_mutes"),
    path("me/muted-words", members.MutedWordsView.as_view(), name="muted_words"),
    path("me/muted-words/<uuid:word_id>", members.MutedWordView.as_view(), name="muted_word"),
    path("pages/<str:username>", members.PageView.as_view(), name="page"),
    path("pages/<str:username>/avatar", members.AvatarView.as_view(), name="avatar"),
    path("pages/<str:username>/block", members.BlockView.as_view(), name="block"),
    path("pages/<str:username>/mute", members.MuteView.as_view(), name="mute"),
    # accounts.wallets
    path("me/addresses", wallets.MyAddressesView.as_view(), name="my_addresses"),
    path("me/addresses/<uuid:challenge_id>/proof", wallets.AddressProofView.as_view(), name="prove_address"),
    path("me/addresses/<uuid:address_id>", wallets.AddressView.as_view(), name="address"),
    path("me/addresses/<uuid:address_id>/primary", wallets.PrimaryAddressView.as_view(), name="primary_address"),
    # accounts.notifications
    path("notifications", notifications.NotificationsView.as_view(), name="notifications"),
    path("notifications/read-all", notifications.ReadAllView.as_view(), name="read_all_notifications"),
    path("notifications/<uuid:notification_id>/read", notifications.ReadView.as_view(), name="read_notification"),
    path("events", events.events, name="events"),
    # social.feed
    path("feed/hot", feed.HotFeedView.as_view(), name="feed_hot"),
    path("feed/following", feed.FollowingFeedView.as_view(), name="feed_following"),
    path("feed/trending", feed.TrendingFeedView.as_view(), name="feed_trending"),
    path("feed/new", feed.NewFeedView.as_view(), name="feed_new"),
    path("feed/gems", feed.GemsFeedView.as_view(), name="feed_gems"),
    path("pictures", pictures.PicturesView.as_view(), name="pictures"),
    path("drafts", drafts.DraftsView.as_view(), name="drafts"),
    path("drafts/<uuid:draft_id>", drafts.DraftView.as_view(), name="draft"),
    path("posts", feed.PostsView.as_view(), name="posts"),
    path("posts/<uuid:post_id>", feed.PostView.as_view(), name="post"),
    path("posts/<uuid:post_id>/pin", feed.PinView.as_view(), name="pin_post"),
    path("posts/<uuid:post_id>/coauthors", coauthors.CoAuthorsView.as_view(), name="coauthors"),
    path("posts/<uuid:post_id>/coauthors/me", coauthors.AnswerCoAuthorView.as_view(), name="answer_coauthor"),
    path(
        "posts/<uuid:post_id>/coauthors/<str:username>",
        coauthors.AskedCoAuthorView.as_view(),
        name="take_back_question",
    ),
    path("posts/<uuid:post_id>/boost", boosts.BoostView.as_view(), name="boost_post"),
    path("posts/<uuid:post_id>/bounty/award", bounties.AwardView.as_view(), name="award_bounty"),
    path("posts/<uuid:post_id>/poll", polls.PollView.as_view(), name="poll"),
    path("posts/<uuid:post_id>/vote", polls.VoteView.as_view(), name="vote"),
    path("posts/<uuid:post_id>/history", feed.HistoryOfPostView.as_view(), name="history_of_post"),
    path("posts/<uuid:post_id>/tips", feed.TipsOnPostView.as_view(), name="tips_on_post"),
    path("posts/<uuid:post_id>/comments", feed.CommentsView.as_view(), name="comments"),
    path("comments/<uuid:comment_id>", feed.CommentView.as_view(), name="comment"),
    path("comments/<uuid:comment_id>/history", feed.HistoryOfCommentView.as_view(), name="history_of_comment"),
    path("comments/<uuid:comment_id>/tips", feed.TipsOnCommentView.as_view(), name="tips_on_comment"),
    path("tips/<uuid:tip_id>", feed.TipView.as_view(), name="tip"),
    path("tags/<str:name>", hashtags.PostsUnderTagView.as_view(), name="posts_under_tag"),
    path("pages/<str:username>/posts", feed.PostsOfPageView.as_view(), name="posts_of_page"),
    path("pages/<str:username>/followers", feed.FollowersView.as_view(), name="followers"),
    path("pages/<str:username>/follow", feed.FollowView.as_view(), name="follow"),
    # social.search
    path("search", search.SearchView.as_view(), name="search"),
    path("search/suggestions", search.SuggestionsView.as_view(), name="search_suggestions"),
]
