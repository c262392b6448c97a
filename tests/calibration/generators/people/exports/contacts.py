"""What a contact carries of the visit before it: the visitor's identifier and the tags."""
import numpy as np

from exports.files import names
from exports.visits import OTHER_DEVICE


def clients(world, incidents, told, wish, uniform):
    """The visitor's identifier of each; 0 is none. One in ten has none by chance."""
    visit = world.wishes["visit"][wish]
    has_visit = visit >= 0
    person = np.minimum(world.wishes["person"][wish], len(world.client) - 1)
    client = world.client[person] + np.where(world.wishes["other_device"][wish], OTHER_DEVICE, 0)
    gone = ~has_visit | told.without_counter[np.maximum(visit, 0)]
    for incident in incidents:
        if incident.client_lost is not None:
            gone |= incident.client_lost[wish]
    return np.where(gone | (uniform > .9), 0, client)


def tags(world, told, wish):
    """Source, medium and campaign of the last visit of each, where they are tagged."""
    firm = world.firm
    visit = world.wishes["visit"][wish]
    some_visit = np.maximum(visit, 0)
    lost = (visit < 0) | (told.source[some_visit] > 0)
    channel = world.visits["channel"][some_visit]
    tagged = np.array([bool(details.get("prefix")) for details in firm.channels])[channel] & ~lost
    source, medium = [names([details.get(key, "") for details in firm.channels], channel) for key in ("source", "medium")]
    campaign = names(firm.campaigns, world.visits["campaign"][some_visit])
    return [np.where(tagged, column, "") for column in (source, medium, campaign)]
