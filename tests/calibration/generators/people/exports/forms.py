"""Requests of the site's forms, and chats."""
from types import SimpleNamespace

import numpy as np

from exports.contacts import clients, tags
from exports.files import BROWSER_NAMES, DEVICE_NAMES, blank_zero, names, page_urls, phones, stamp, write_table
from world.clock import skip_spring_gap
from world.draws import stream
from world.wishes import CHAT, FORM


def write_forms(world, incidents, course, told, folder):
    """Returns how many there are."""
    requests = describe(world, incidents, course, told, FORM, "forms")
    if requests.count:
        table, separator = FORMATS[world.firm.forms_format](requests)
        write_table(f"{folder}/forms.csv", table, separator)
    return requests.count


def write_chats(world, incidents, course, told, folder):
    """Returns how many there are."""
    chats = describe(world, incidents, course, told, CHAT, "chats")
    if chats.count:
        write_table(f"{folder}/chats.csv", {
            "chat_id": np.char.add("c", chats.id.astype(str)),
            "started": chats.time("iso"),
            "visitor": chats.client,
            "contact": chats.phone,
            "page": chats.url,
            "topic": "Чат" if world.firm.russian else "Chat",
        })
    return chats.count


def describe(world, incidents, course, told, kind, name):
    """Columns of all formats."""
    firm, contacts, wishes = world.firm, course.contacts, world.wishes
    row = np.flatnonzero(contacts["seen"] & (contacts["kind"] == kind))
    row = row[np.argsort(contacts["t"][row], kind="stable")]
    wish, t = contacts["wish"][row], skip_spring_gap(firm, contacts["t"][row])
    person, device = wishes["person"][wish], wishes["device"][wish]
    uniform = stream(firm.seed, name, "detail").random((len(row), 3))
    address = np.char.add(np.char.add("client", person.astype(str)), "@post.example")
    source, medium, campaign = tags(world, told, wish)
    return SimpleNamespace(
        firm=firm, count=len(row), id=500_000 + np.arange(len(row)) * 7,
        time=lambda style: stamp(firm, t, style),
        phone=phones(firm, person, "pretty"),
        mail=np.where(uniform[:, 1] < firm.email_share, address, ""),
        client=blank_zero(clients(world, incidents, told, wish, uniform[:, 0])),
        source=source, medium=medium, campaign=campaign,
        url=page_urls(firm, world.form_page[wish]),
        form=names(firm.forms, world.form[wish]),
        device=DEVICE_NAMES[device],
        browser=BROWSER_NAMES[device, wishes["browser"][wish]],
    )


def site(requests):
    return {
        "ID заявки": requests.id,
        "Дата": requests.time("dmy"),
        "Форма": requests.form,
        "Страница": requests.url,
        "Телефон": requests.phone,
        "E-mail": requests.mail,
        "ClientID": requests.client,
        "Устройство": requests.device,
        "utm_source": requests.source,
        "utm_medium": requests.medium,
        "utm_campaign": requests.campaign,
    }, ";"


def tilda(requests):
    number = np.char.mod(":%d", requests.id)
    return {
        "created": requests.time("dmy"),
        "tranid": np.char.add(str(1000 + requests.firm.seed % 1000), number),
        "formname": requests.form,
        "Phone": requests.phone,
        "Email": requests.mail,
        "referer": requests.url,
        "_ym_uid": requests.client,
        "utm_source": requests.source,
        "utm_medium": requests.medium,
        "utm_campaign": requests.campaign,
    }, ","


def own(requests):
    return {
        "request": requests.id,
        "sent_at": requests.time("iso"),
        "form_name": requests.form,
        "page_url": requests.url,
        "tel": requests.phone,
        "mail": requests.mail,
        "visitor_id": requests.client,
        "gadget": requests.device,
        "browser_name": requests.browser,
        "tag_source": requests.source,
        "tag_medium": requests.medium,
        "tag_campaign": requests.campaign,
    }, ","


FORMATS = {"site": site, "tilda": tilda, "own": own}
