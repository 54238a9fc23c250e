from calmcast.publish.handout.weblinks import contact_link


def test_a_message_begins_with_its_address_and_what_it_is_about() -> None:
    assert (
        contact_link("rosa+yoga@example.org", "Rest & more?")
        == "mailto:rosa+yoga@example.org?subject=Rest%20%26%20more%3F"
    )
    assert contact_link("+4915112345", "Rest") == "sms:+4915112345"
    assert contact_link("", "Rest") == ""


def test_nothing_else_gets_into_the_link() -> None:
    made = contact_link('a@b.c?cc=x@y.z&body="<b>', "\ud800\n&bcc=x")
    assert made == "mailto:a@b.c%3Fcc%3Dx@y.z%26body%3D%22%3Cb%3E?subject=%3F%0A%26bcc%3Dx"
