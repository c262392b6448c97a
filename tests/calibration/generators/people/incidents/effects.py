"""What incidents do to a world: to visits and wishes here, to calls, forms and deals in `later_effects`."""
import numpy as np

from incidents import later_effects
from world.clock import DAY, hour_of
from world.draws import stream
from world.people import first_visits
from world.wishes import CALL, FORM

NO_EFFECT = ("cheap_channel_grows", "others_grow")      # the people whom they bring are all that happens


def set_effects(world, incident):
    """Turns a planned incident into effects on this world."""
    if incident.kind in NO_EFFECT:
        return
    effects = Effects(world, incident)
    own = getattr(Effects, incident.kind, None) or getattr(Effects, incident.cause, None)
    if own:
        own(effects)
    else:
        later_effects.BY_KIND[incident.kind](world, incident, effects.luck)


class Effects:
    """The methods are named by kinds, or by causes whose kinds are alike."""

    def __init__(self, world, incident):
        self.world, self.incident = world, incident
        self.visits, self.wishes = world.visits, world.wishes
        self.rng = stream(world.firm.seed, "effect", world.firm.size, incident.number)
        self.luck = self.rng.random((world.count, 8))
        self.severity = incident.severity
        self.now = self.within(self.visits["t"])
        self.wish_now = self.within(world.first_try)
        self.has_visit = self.wishes["visit"] >= 0

    def within(self, t):
        return (t >= self.incident.start) & (t < self.incident.end)

    def of_channel(self, table):
        """Which visits or wishes are of the incident's channel, and of its campaign if it has one."""
        chosen = table["channel"] == self.incident.channel
        if self.incident.campaign is not None:
            first = self.world.firm.channels[self.incident.channel]["first_campaign"]
            chosen = chosen & (table["campaign"] == first + self.incident.campaign)
        return chosen

    def some_visits(self, share):
        return self.rng.random(len(self.visits["t"])) < share

    def drop(self, share):
        """Visits that do not come. Who misses the first one seldom comes later, but some come back to what they wanted."""
        dropped = self.some_visits(share)
        gone = dropped[first_visits(self.world.people)]
        gone = gone & (self.rng.random(len(gone)) > .1)
        dropped = dropped | gone[self.visits["person"]]
        self.incident.visits_dropped = dropped
        person = np.minimum(self.wishes["person"], len(gone) - 1)
        silent = self.has_visit & dropped[self.wishes["visit"]]
        stays = (self.wishes["nth"] > 0) & (self.luck[:, 0] < .3) & ~(self.has_visit & gone[person])
        self.incident.silences = silent & ~stays

    # --- traffic

    def campaign_paused(self):
        self.drop(np.where(self.now & self.of_channel(self.visits), self.severity, 0.))

    channel_off = campaign_paused

    def budget_out_afternoons(self):
        afternoon = hour_of(self.visits["t"]) >= self.incident.hours[0]
        self.drop(np.where(self.now & self.of_channel(self.visits) & afternoon, self.severity, 0.))

    def seo_drop(self):
        start, ramp = self.incident.start, 1.
        if self.incident.end - start > 8 * DAY:
            ramp = np.clip((self.visits["t"] - start) / (2.5 * DAY), .25, 1)
        self.drop(np.where(self.now & self.of_channel(self.visits), self.severity * ramp, 0.))

    def all_traffic_falls(self):
        self.drop(np.where(self.now, self.severity, 0.))

    def bot_clicks(self):
        is_others = self.world.people["owner"][self.visits["person"]] != self.incident.number
        self.drop(np.where(self.now & self.of_channel(self.visits) & is_others, self.severity, 0.))

    def wrong_audience(self):
        hit = self.wish_now & self.of_channel(self.wishes) & (self.luck[:, 0] < self.severity)
        self.incident.silences = hit & (self.wishes["owner"] != self.incident.number)
        self.incident.visits_poor = self.now & self.of_channel(self.visits) & self.some_visits(self.severity)

    def wrong_landing(self):
        self.incident.silences = self.wish_now & self.of_channel(self.wishes) & (self.luck[:, 0] < self.severity)
        self.incident.visits_moved = self.now & self.of_channel(self.visits)
        self.incident.visits_poor = self.incident.visits_moved & self.some_visits(.7 * self.severity)

    # --- tracking

    def counter_off_page(self):
        on_page = self.visits["page"] == self.incident.target
        self.incident.visits_hidden = self.now & on_page & self.some_visits(self.severity)
        self.incident.apparent = "hidden"

    def utm_lost(self):
        of_channel = self.visits["channel"] == self.incident.channel
        self.incident.visits_untagged = self.now & of_channel & self.some_visits(self.severity)
        self.incident.apparent = "source"

    def client_lost(self):
        self.incident.client_lost = self.wish_now & (self.luck[:, 0] < self.severity) & self.has_visit
        self.incident.apparent = "client"

    def doubled_tag(self):
        doubled = self.now & self.some_visits(self.severity)
        if self.incident.target is not None:
            doubled &= self.visits["page"] == self.incident.target
        self.incident.visits_doubled = doubled
        self.incident.apparent = "double"

    def gateway_referral(self):
        forms = self.has_visit & (self.world.mode == FORM)
        self.incident.through_gateway = self.wish_now & forms & (self.luck[:, 0] < self.severity)
        self.incident.apparent = "gateway"

    # --- gaps

    def share_missing(self, t):
        """Of rows of a time: all, or in a late tail more and more."""
        start, end = self.incident.start, self.incident.end
        share = 1.
        if self.incident.kind == "late_tail":
            share = np.clip(.15 + (t - start) / max(end - start, 1), 0, 1)
        return np.where(self.within(t), share, 0.)

    def data_gap(self):
        if self.incident.export == "visits":
            self.incident.visits_hidden = self.some_visits(self.share_missing(self.visits["t"]))
            self.incident.apparent = "hidden"
            return
        hidden_kind = {"calls": CALL, "forms": FORM}[self.incident.export]
        salt = int(self.rng.integers(1, 2**31))

        def hides(t, kind):
            luck = ((t * 2654435761 + salt) % 100_003) / 100_003.
            return (kind == hidden_kind) & (luck < self.share_missing(t))

        self.incident.hides = hides

    # --- what people want

    def fewer_want(self):
        self.incident.silences = self.wish_now & (self.luck[:, 0] < self.severity)

    price_rise = worse_offer = competitor = fewer_want

    def lead_quality(self):
        cold = self.wish_now & (self.luck[:, 0] < self.severity) & self.has_visit
        if self.incident.channel is not None:
            cold = cold & (self.wishes["channel"] == self.incident.channel)
        self.incident.cold = cold
        self.incident.cold_factor = .12 + .3 * float(self.rng.random())
        if self.incident.kind == "other_region":
            self.incident.far = cold
            far = self.now & (self.visits["channel"] == self.incident.channel) & self.some_visits(self.severity)
            self.incident.visits_far = far & (self.visits["nth"] == 0)
