package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What the controller says of each Region. */
record RegionsCheck(Home home) implements Check {
    private static final String NO_VERDICT = "see the line about the controller: it writes the Region's status";

    @Override
    public String subject() {
        return "Regions";
    }

    @Override
    public List<Diagnosis> look() {
        var regions = home.regions();
        if (regions.isEmpty()) {
            return List.of(
                    Diagnosis.worthKnowing(
                            subject(),
                            "none is declared, so pods have only this cluster's own nodes",
                            "kubectl apply -f examples/regions.yaml for simulated ones; another cluster: docs/regions-kubernetes.md"));
        }
        return regions.stream().map(RegionsCheck::diagnosis).toList();
    }

    private static Diagnosis diagnosis(JsonNode region) {
        var subject = "Region " + Home.name(region);
        var isLost = region.path("spec").path("lost").asBoolean();
        var status = region.path("status");
        if (status.isMissingNode() || status.path("conditions").isEmpty()) {
            return Diagnosis.worthKnowing(
                    subject, (isLost ? "it is declared lost; " : "") + "nobody has said yet how it is", NO_VERDICT);
        }
        var generation = region.path("metadata").path("generation").asLong();
        var judged = status.path("observedGeneration").asLong();
        if (judged < generation) {
            return Diagnosis.worthKnowing(
                    subject,
                    "its newest edit (generation %d) has not been looked at yet; of generation %d it was said: %s"
                            .formatted(
                                    generation, judged, verdict(subject, region).what()),
                    NO_VERDICT);
        }
        return isLost
                ? Diagnosis.worthKnowing(
                        subject,
                        "it is declared lost, so nothing runs there",
                        "take spec.lost away when it is back, empty")
                : verdict(subject, region);
    }

    /** What the status says, whichever generation it is of. */
    private static Diagnosis verdict(String subject, JsonNode region) {
        var accepted = Home.condition(region, "Accepted");
        if (accepted.path("status").asText().equals("False")) {
            return Diagnosis.trouble(subject, "not accepted" + since(accepted) + why(accepted), "correct the Region");
        }
        var reachable = Home.condition(region, "Reachable");
        return switch (reachable.path("status").asText()) {
            case "True" ->
                Diagnosis.fine(
                        subject,
                        "reachable%s, instances: %d"
                                .formatted(
                                        since(reachable),
                                        region.path("status").path("instances").asInt()));
            case "False" ->
                Diagnosis.trouble(
                        subject,
                        "not reachable" + since(reachable) + why(reachable),
                        "docs/troubleshooting.md says what each message means");
            default -> Diagnosis.worthKnowing(subject, "nobody has said yet whether it is reachable", NO_VERDICT);
        };
    }

    private static String since(JsonNode condition) {
        var time = condition.path("lastTransitionTime").asText();
        return time.isEmpty() ? "" : " since " + time;
    }

    private static String why(JsonNode condition) {
        return " (%s): %s"
                .formatted(
                        condition.path("reason").asText(),
                        condition.path("message").asText());
    }
}
