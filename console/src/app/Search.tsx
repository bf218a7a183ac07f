// Search above every page: services by what they are called, resources by their names.
import Autosuggest from "@cloudscape-design/components/autosuggest";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useFound } from "./found";
import { SERVICES } from "./services";

export function Search() {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(false);
  const { found, loading } = useFound(asked);
  const services = SERVICES.map(({ id, title, about, keywords }) => ({
    value: `/${id}`, label: title, description: about, filteringTags: [...keywords],
  }));
  const resources = found.map(({ label, href, kind }) => ({ value: href, label, description: kind }));
  return (
    <Autosuggest
      value={text}
      placeholder="Search services and resources"
      ariaLabel="Search services and resources"
      enteredTextLabel={() => ""}
      hideEnteredTextOption
      empty="Nothing is called that."
      statusType={loading ? "loading" : "finished"}
      loadingText="Looking for resources"
      options={[{ label: "Services", options: services }, { label: "Resources", options: resources }]}
      onFocus={() => setAsked(true)}
      onChange={({ detail }) => setText(detail.value)}
      onSelect={({ detail }) => {
        const href = detail.selectedOption?.value;
        if (href === undefined) return;
        setText("");
        void navigate(href);
      }}
    />
  );
}
