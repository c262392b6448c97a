"""Who wants something of the firm: when, by which visit, and how he will first try to get in touch.

Wishes are a dict of arrays with a row a wish. Those without a visit (-1) are people whom the website never saw."""
import numpy as np

from world import chances
from world.clock import DAY, DAYS, END, HOUR, WEEKS, epoch
from world.draws import by_shares, normal_of, stream, times_of_day
from world.people import eagerness, first_visits, join, own_people
from world.profiles import MOBILE

CALL, FORM, CHAT = 0, 1, 2


class World:
    """A firm with its people, their visits and wishes."""

    def __init__(self, firm):
        self.firm = firm


def make_world(firm, brought):
    """Joins the firm's own people with those that incidents bring, and finds who wants something."""
    world = World(firm)
    own = own_people(firm)
    world.people, world.visits = join([own, *brought])
    add_clients(world)
    world.wishes = website_wishes(world, own)
    add_offline_wishes(world)
    draw_chances(world, len(own[0]["owner"]))
    choose_ways(world)
    return world


def add_clients(world):
    """The counter's identifiers of visitors: the second of the first visit and some digits."""
    salt = stream(world.firm.seed, "client").integers(0, 999_999_000, 1)[0]
    digits = (np.arange(len(world.people["owner"])) * 7_368_787 + salt) % 999_999_937
    first = world.visits["t"][first_visits(world.people)]
    world.client = (epoch(world.firm) + first) * 10**9 + digits


def website_wishes(world, own):
    firm, people, visits = world.firm, world.people, world.visits
    own_count = len(own[0]["owner"])
    expected = firm.weekly_inquiries * WEEKS * (1 - firm.offline_share)
    base = expected / max(eagerness(firm, *own).sum(), 1e-9) * 1.04
    # those whom incidents bring come behind and have draws of their own
    brought_count = len(people["owner"]) - own_count
    uniform = [stream(firm.seed, "intent").random(own_count), stream(firm.seed, "intent+").random(brought_count)]
    person = np.flatnonzero(np.concatenate(uniform) < np.minimum(base * eagerness(firm, people, visits), .5))
    count = people["visits"][person]
    uniform = stream(firm.seed, "decide").random((len(person), 2))
    nth = np.where(uniform[:, 0] < .62, count - 1, np.minimum((uniform[:, 1] * count).astype(int), count - 1))
    visit = first_visits(people)[person] + nth
    in_time = visits["t"][visit] < END - 600
    person, visit, nth = person[in_time], visit[in_time], nth[in_time]
    source = source_visits(firm, visits, visit)
    return {
        "person": person, "visit": visit, "nth": nth, "t": visits["t"][visit], "page": visits["page"][visit],
        "other_device": visits["other_device"][visit],
        "channel": visits["channel"][source], "campaign": visits["campaign"][source],
        **{key: people[key][person] for key in ("owner", "device", "browser", "town")},
    }


def source_visits(firm, visits, visit):
    """The last visit up to this one that was not direct, of the same device."""
    counts = (visits["channel"] != firm.direct) & ~visits["other_device"] | (visits["nth"] == 0)
    last = np.maximum.accumulate(np.where(counts, np.arange(len(counts)), 0))
    return np.where(visits["other_device"][visit], visit, last[visit])


def add_offline_wishes(world):
    """People without any visit: the sign, old customers, suppliers."""
    firm, wishes = world.firm, world.wishes
    rng = stream(firm.seed, "offline")
    t = np.zeros(0, np.int64)
    if firm.has_calls:
        by_day = firm.weekly_inquiries * WEEKS * firm.offline_share * firm.season * firm.holiday_factor * firm.weekday_factor
        by_day = by_day / by_day.sum() * firm.weekly_inquiries * WEEKS * firm.offline_share
        day = np.repeat(np.arange(DAYS), rng.poisson(np.where(firm.open_day, by_day, by_day * .3)))
        t = day * DAY + times_of_day(rng, "office", len(day)).astype(np.int64)
    values = {"visit": -1, "channel": len(firm.channels), "campaign": -1, "owner": -1, "device": MOBILE, "browser": 0,
              "town": 0, "page": 0, "other_device": False, "nth": 0}
    columns = {key: np.full(len(t), value) for key, value in values.items()}
    columns["person"] = len(world.people["owner"]) + np.arange(len(t))
    columns["t"] = t
    world.wishes = {key: np.concatenate([column, columns[key]]) for key, column in wishes.items()}


def draw_chances(world, own_count):
    """Own people, those of incidents and those without visits have a stream each: none moves when others come."""
    wishes = world.wishes
    world.count = len(wishes["person"])
    world.chance = np.empty((world.count, chances.UNIFORM_COUNT))
    own = wishes["person"] < own_count
    offline = wishes["visit"] < 0
    for name, chosen in (("u0", own), ("u1", ~own & ~offline), ("u2", offline)):
        world.chance[chosen] = stream(world.firm.seed, name).random((int(chosen.sum()), chances.UNIFORM_COUNT))
    world.normal = normal_of(world.chance[:, chances.FIRST_NORMAL:])


def choose_ways(world):
    """Whether he rings, writes or chats, when, and to which line or form."""
    firm, wishes, chance = world.firm, world.wishes, world.chance
    offline = wishes["visit"] < 0
    call_share = np.full(world.count, firm.call_share)
    if 0 < firm.call_share < 1:
        call_share = np.clip(firm.call_share + np.where(wishes["device"] == MOBILE, .1, -.1), 0, 1)
    chat_share = .16 * firm.has_chat if firm.has_forms else float(firm.has_chat)
    writes = np.where(chance[:, chances.CHATS] < chat_share, CHAT, FORM)
    calls = (chance[:, chances.CALLS] < call_share) | offline | (not firm.has_forms and not firm.has_chat)
    world.mode = np.where(calls, CALL, writes)
    delay = -np.log(chance[:, chances.DELAY])
    later = chance[:, chances.LATER_THE_SAME_DAY] < .13
    delay = np.where(later, delay * 7 * HOUR, 40 + delay * 300).astype(np.int64)
    world.first_try = wishes["t"] + np.where(offline, 0, delay)
    pool = np.array(firm.pool)
    shown = pool[(chance[:, chances.POOL_LINE] * len(pool)).astype(int)]
    static = np.array([-1 if line is None else line for line in firm.line_of_channel] + [firm.offline_line])
    world.line = np.where(static[wishes["channel"]] >= 0, static[wishes["channel"]], shown)
    # a part of the visitors goes on to another page before it writes
    other_page = by_shares(firm.page_weights, chance[:, chances.OTHER_PAGE])
    world.form_page = np.where(chance[:, chances.STAYS_ON_PAGE] < .7, wishes["page"], other_page)
    on_page = chance[:, chances.PAGE_FORM] < .68
    world.form = np.where(on_page, firm.form_of_page[world.form_page], firm.quick_form)
    world.trunk_of_line = np.array([firm.trunks.index(line["trunk"]) for line in firm.lines])
