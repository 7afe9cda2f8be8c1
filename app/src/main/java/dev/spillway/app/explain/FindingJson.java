package dev.spillway.app.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.reason.ExplanationText;

/** A finding for programs. The names of the fields are promised in docs/explain.md: fields may be added, never renamed. */
final class FindingJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private FindingJson() {}

    static String of(Finding finding) {
        var object = JSON.createObjectNode()
                .put("namespace", finding.namespace())
                .put("pod", finding.pod())
                .put("state", finding.state().text())
                .put("headline", finding.headline())
                .put("note", String.join(" ", finding.notes()));
        var since = finding.since();
        if (since != null) {
            object.put("waitingSince", since.toString());
        }
        var units = object.putArray("units");
        finding.units().forEach(line -> put(units.addObject(), line));
        var placement = finding.placement();
        if (placement != null) {
            object.putObject("placement")
                    .put("policy", placement.policy())
                    .put("generation", placement.generation())
                    .put("unit", placement.unit())
                    .put("what", placement.what())
                    .put("region", placement.region())
                    .put("zone", placement.zone())
                    .put("instance", placement.instance())
                    .put("node", placement.node());
        }
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree could not be written.", e);
        }
    }

    private static void put(ObjectNode unit, ExplanationText.Line line) {
        unit.put("unit", line.position()).put("what", line.title());
        var reasons = unit.putArray("reasons");
        for (var answer : line.answers()) {
            var reason = reasons.addObject().put("code", answer.code()).put("text", answer.text());
            var next = answer.nextTry();
            if (next != null) {
                reason.put("nextTry", next.toString());
            }
        }
    }
}
