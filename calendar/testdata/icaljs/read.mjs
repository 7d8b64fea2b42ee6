// Reads calendars with ical.js: a line {"name", "ics"} of standard input becomes a line {"name", "text", "events"} of
// standard output, or one {"name", "error"}.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

// Texts that ical.js does not know to be texts.
for (const name of ["name", "x-wr-calname", "x-wr-caldesc"]) {
  ICAL.design.icalendar.property[name] = { defaultType: "text" };
}

const value = (component, name) => component.getFirstPropertyValue(name)?.toString() ?? "";

// A day is written as 2027-03-31, a time otherwise.
const day = (component, name) => {
  const property = component.getFirstProperty(name);
  return property && property.type === "date" ? property.getFirstValue().toString() : `${value(component, name)} is no day`;
};

const time = (component, name) => component.getFirstPropertyValue(name)?.toJSDate().toISOString() ?? "";

const alarm = (component) => ({
  action: value(component, "action"),
  description: value(component, "description"),
  related: component.getFirstProperty("trigger").getParameter("related") ?? "",
  seconds: component.getFirstPropertyValue("trigger").toSeconds(),
});

const event = (component) => ({
  uid: value(component, "uid"),
  start: day(component, "dtstart"),
  end: day(component, "dtend"),
  summary: value(component, "summary"),
  description: value(component, "description"),
  status: value(component, "status"),
  transparency: value(component, "transp"),
  sequence: value(component, "sequence"),
  stamp: time(component, "dtstamp"),
  created: time(component, "created"),
  modified: time(component, "last-modified"),
  url: value(component, "url"),
  location: value(component, "location"),
  categories: component.getAllProperties("categories").flatMap((p) => p.getValues()),
  alarms: component.getAllSubcomponents("valarm").map(alarm),
});

for await (const line of createInterface({ input: process.stdin })) {
  const { name, ics } = JSON.parse(line);
  let answer;
  try {
    const calendar = new ICAL.Component(ICAL.parse(ics));
    const text = {};
    for (const property of calendar.getAllProperties()) {
      text[property.name] = String(property.getFirstValue());
    }
    answer = { name, text, events: calendar.getAllSubcomponents("vevent").map(event) };
  } catch (error) {
    answer = { name, error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
