"""Deals as the CRM holds them at the end: stages, reasons, amounts, and those that were typed in twice."""
from types import SimpleNamespace

import numpy as np

from exports.contacts import clients, tags
from world import chances
from world.clock import DAY, END, HOUR, next_open, skip_spring_gap
from world.draws import stream
from world.sales import LOST, OPEN, WON

FIRST_ID = 40_001
DUPLICATE = -1                                     # in place of the row of the deal itself
USUAL_DUPLICATES = .012


def told_deals(world, incidents, course, told):
    """The rows of the export in `table`, and what the history of stages needs."""
    deals = course.deals
    row = np.flatnonzero(deals["created"] < END)
    deals = {key: column[row] for key, column in deals.items()}
    deals["is_closed"] = (deals["end"] != OPEN) & (deals["close"] < END)
    deals["end_told"] = np.where(deals["is_closed"], deals["end"], OPEN)
    steps = stage_steps(world, deals)
    table = own_rows(world, incidents, told, deals, steps)
    again = rows_again(world.firm, table, deals["duplicates"])
    table = {key: np.concatenate([column, again[key]]) for key, column in table.items()}
    order = np.lexsort((table["row"], table["created"]))
    table = {key: column[order] for key, column in table.items()}
    table["id"] = FIRST_ID + np.arange(len(order)) * 2
    for key in ("created", "updated"):
        table[key] = skip_spring_gap(world.firm, table[key])
    return SimpleNamespace(firm=world.firm, deals=deals, steps=steps, table=table)


def stage_steps(world, deals):
    """When each deal comes to each stage (deals × stages), whether it did, and in which it stands."""
    count = len(world.firm.stages)
    answered = np.maximum(deals["answered"], deals["created"] + 30)
    span = np.maximum(deals["close"] - deals["answered"], 60)
    shares = np.linspace(0, 1, count + 1)[1:-1] ** 1.2          # when it goes from the second to the third stage, …
    t = [deals["created"], answered]
    t = np.stack(t + [answered + (span * share).astype(np.int64) for share in shares[:count - 2]], 1)
    last = (world.chance[deals["wish"], chances.STAGE_REACHED] * (count - 1)).astype(int) + 1
    last = np.where(deals["end"] == WON, count - 1, np.minimum(last, count - 1))
    until = np.where(deals["is_closed"], deals["close"], END)
    stages = np.arange(count)
    reached = (stages <= last[:, None]) & (t < until[:, None]) & (deals["touched"][:, None] | (stages == 0))
    reached = np.cumprod(reached, 1).astype(bool)
    reached[:, 0] = True
    return SimpleNamespace(t=t, reached=reached, at=reached.sum(1) - 1)


def closed_stages(firm):
    if firm.deals_format == "bitrix":
        return "Сделка успешна", "Сделка провалена"
    return firm.won_stage, firm.lost_stage


def own_rows(world, incidents, told, deals, steps):
    firm, wish, end = world.firm, deals["wish"], deals["end_told"]
    count = len(wish)
    won, lost = closed_stages(firm)
    stage = np.where(end == LOST, lost, np.array(firm.stages, object)[steps.at])
    last_step = np.take_along_axis(steps.t, steps.at[:, None], 1)[:, 0]
    uniform = stream(firm.seed, "deal-detail").random(count)
    client = np.where(deals["written"], clients(world, incidents, told, wish, uniform), 0)
    source, medium, campaign = [np.where(client != 0, tag, "") for tag in tags(world, told, wish)]
    return {
        "row": np.arange(count),
        "created": deals["created"],
        "updated": np.where(deals["is_closed"], deals["close"], last_step),
        "closed": np.where(deals["is_closed"], deals["close"], -1),
        "stage": np.where(end == WON, won, stage),
        "end": end,
        "amount": amounts(world, wish, end),
        "manager": deals["manager"],
        "person": world.wishes["person"][wish],
        "reason": np.where(end == LOST, reasons(world, incidents, deals), ""),
        "client": client, "source": source, "medium": medium, "campaign": campaign,
        "channel": world.wishes["channel"][wish],
    }


def amounts(world, wish, end):
    """Of all sales, and of half of the others."""
    unit = 100 if world.firm.russian else 1
    median, spread = world.firm.amount
    amount = np.round(median * np.exp(spread * .6 * world.normal[wish, chances.AMOUNT]) / unit) * unit
    return np.where((end == WON) | (world.chance[wish, chances.REASON] > .5), amount, 0)


def reasons(world, incidents, deals):
    """Why it would be lost: people from afar, cold and unreached ones are mostly told as such."""
    words, wish = world.firm.reasons, deals["wish"]
    far = np.zeros(world.count, bool)
    for incident in incidents:
        if incident.far is not None:
            far |= incident.far
    uniform = world.chance[wish, chances.REASON]
    told = world.chance[wish, chances.REASON_TOLD]
    any_reason = np.array(words["lost"], object)[(world.chance[wish, chances.REASON_KIND] * 3.999).astype(int)]
    untargeted, too_far = words["untargeted"]
    unreached = words["unreached"][0]
    choices = [
        (~deals["touched"] & (told < .6), unreached),
        (far[wish] & (told < .75), too_far),
        (deals["cold"] & (told < .62), untargeted),
        (uniform < .13, unreached), (uniform < .2, untargeted), (uniform < .23, too_far),
    ]
    return np.select([chosen for chosen, _ in choices], [reason for _, reason in choices], any_reason)


def rows_again(firm, table, duplicates):
    """The same person typed in twice, up to a day later; nearly half are closed as duplicates within a week."""
    count = len(duplicates)
    usual = stream(firm.seed, "usual-dups").random(count) < USUAL_DUPLICATES
    row = np.flatnonzero((duplicates > 0) | usual)
    uniform = stream(firm.seed, "dups").random((count, 3))[row]
    again = {key: column[row] for key, column in table.items()}
    created = again["created"] + (120 + uniform[:, 0] * 26 * HOUR).astype(np.int64)
    closed = next_open(firm, created + ((1 + 6 * uniform[:, 2]) * DAY).astype(np.int64))
    is_closed = (uniform[:, 1] < .45) & (closed < END)
    again |= {
        "row": np.full(len(row), DUPLICATE),
        "created": created,
        "updated": np.where(is_closed, closed, created),
        "closed": np.where(is_closed, closed, -1),
        "stage": np.where(is_closed, closed_stages(firm)[1], firm.stages[0]),
        "end": np.where(is_closed, LOST, OPEN),
        "amount": np.zeros(len(row)),
        "reason": np.where(is_closed, firm.reasons["duplicate"][0], ""),
    }
    in_time = created < END
    return {key: column[in_time] for key, column in again.items()}
