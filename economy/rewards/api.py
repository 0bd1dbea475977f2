"""Rewards in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.queries import member_of
from economy.rewards import queries, serializers
from economy.rewards.models import Reward


class MyRewardsView(GenericAPIView):
    """GET me/rewards"""

    serializer_class = serializers.RewardSerializer
    queryset = Reward.objects.none()
    keyset = queries.NEWEST

    @extend_schema(
        operation_id="my_rewards",
        summary="My rewards",
        description="What the treasury owes or has paid the caller, newest first, and why something was not paid.",
        tags=["wallet"],
        responses=serializers.RewardSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(queries.rewards_of(member_of(request)))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class RewardRulesView(GenericAPIView):
    """GET economy/reward-rules"""

    permission_classes = [AllowAny]
    serializer_class = serializers.RewardRuleSerializer
    pagination_class = None

    @extend_schema(
        operation_id="reward_rules",
        summary="The reward rules in force",
        description="What the treasury pays for, how much, and how often. Public.",
        tags=["economy"],
        responses=serializers.RewardRuleSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(queries.rules_in_force(), many=True).data)
