"""A small invented world for tests: organisations in every state, schemes, users and postcodes."""

from __future__ import annotations

from bulk_upload.context_file import world_of

EVERY_PERIOD = list(range(1, 12))


def organisation(number: int, kind: str, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "code": str(1000 + number),
        "name": f"Example {'Council' if kind == 'LA' else 'Homes'} {number}",
        "provider_type": kind,
        "rent_periods": EVERY_PERIOD,
        "data_sharing_agreement_signed": "2025-04-01",
        **more,
    }


def scheme(number: int, owner: int, *locations: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "id": number,
        "code": str(9 + number),
        "owner": str(1000 + owner),
        "name": f"Scheme {number}",
        "available_from": "2020-04-01",
        "locations": list(locations),
        **more,
    }


def location(number: int, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "code": str(99 + number),
        "postcode": "M1 1AE",
        "name": f"House {number}",
        "local_authority": "E08000003",
        "units": 5,
        "type_of_unit": 7,
        "mobility_type": "N",
        "available_from": "2020-04-01",
        **more,
    }


# Organisations: 1 council; 2 provider; 3 agent of 1 and 2, without stock; 4 unrelated provider; 5 and 7 merged into 6
# on 1 July 2026, and 6 exists from then on; 8 has not accepted the data sharing agreement; 9 uses only period 1;
# 10 merged into 11 on 1 August 2026, and 11 exists from then on.
# Schemes: 1 of the council, 2 of the provider; 3 has two locations; 4 is not confirmed; 5 closed for good on
# 1 August 2026; 6 opens on 1 September 2026; 7 has one location that is not confirmed; 8 belongs to the agent;
# 9 has three locations, of which one closed on 1 August 2026 and one is not confirmed; 10 rested from 1 May 2026
# until 1 September 2026.
WORLD = world_of(
    {
        "today": "2026-11-20",
        "organisations": [
            organisation(1, "LA"),
            organisation(2, "PRP"),
            organisation(3, "PRP", holds_own_stock=False),
            organisation(4, "PRP"),
            organisation(5, "PRP", merge_date="2026-07-01", absorbed_by=6),
            organisation(6, "PRP", available_from="2026-07-01", absorbed=[5, 7]),
            organisation(7, "PRP", merge_date="2026-07-01", absorbed_by=6),
            organisation(8, "PRP", data_sharing_agreement_signed=None),
            organisation(9, "PRP", rent_periods=[1]),
            organisation(10, "PRP", merge_date="2026-08-01", absorbed_by=11),
            organisation(11, "PRP", available_from="2026-08-01", absorbed=[10]),
        ],
        "managing_agents": [{"owner": str(1000 + owner), "agent": "1003"} for owner in (1, 2, 5, 6, 7, 8)],
        "users": [
            {"id": number, "email": f"user{number}@example.com", "organisation": str(1000 + number), "role": role}
            for number, role in enumerate(
                ["data_coordinator", "data_provider", "data_coordinator", "support", "data_provider", "data_provider"],
                1,
            )
        ],
        "schemes": [
            scheme(1, 1, location(1)),
            scheme(2, 2, location(2)),
            scheme(3, 2, location(3), location(4, postcode="LS1 4AP", mobility_type="W")),
            scheme(4, 2, location(5), confirmed=False),
            scheme(5, 2, location(6), deactivations=[{"from": "2026-08-01"}]),
            scheme(6, 2, location(7), available_from="2026-09-01"),
            scheme(7, 2, location(8, confirmed=False)),
            scheme(8, 3, location(9)),
            scheme(
                9, 2, location(10, deactivations=[{"from": "2026-08-01"}]), location(11, confirmed=False), location(12)
            ),
            scheme(10, 2, location(13), deactivations=[{"from": "2026-05-01", "to": "2026-09-01"}]),
        ],
        "postcodes": {"EC1N": "E09000007", "M1": "E08000003", "LS1": "E08000035", "EH1": "S12000036"},
        "uprns": {"000000000001": "E09000007"},
    }
).context
