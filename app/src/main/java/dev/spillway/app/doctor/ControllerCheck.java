package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.controller.Controller;
import dev.spillway.kube.leader.Elector;
import dev.spillway.kube.translate.ApiRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a controller leads: whether somebody renews the Lease while we look, which no clock can spoil. Where nobody does but a name is in it, that takes
 * as long as the Lease lasts.
 *
 * @param leaseNamespace where the Lease is
 */
record ControllerCheck(Home home, String leaseNamespace) implements Check {
    private static final String START =
            "start one (spillway controller, or kubectl apply -k deploy/), or name its --lease-namespace";

    @Override
    public String subject() {
        return "controller";
    }

    @Override
    public List<Diagnosis> look() {
        var name = Controller.leaseName(leaseNamespace);
        var path = "/apis/coordination.k8s.io/v1/namespaces/%s/leases/%s"
                .formatted(ApiRequest.segment(name.namespace()), ApiRequest.segment(name.name()));
        var title = "Lease %s/%s".formatted(name.namespace(), name.name());
        var lease = home.read(path, "read " + title);
        if (lease.isMissingNode()) {
            return List.of(
                    Diagnosis.trouble(subject(), "none has led here yet: there is no %s".formatted(title), START));
        }
        return holder(name)
                .map(holder -> leads(holder, path, title))
                .orElseGet(() -> List.of(Diagnosis.trouble(subject(), nobody(lease.path("spec"), title), START)));
    }

    private List<Diagnosis> leads(String holder, String path, String title) {
        var diagnoses = new ArrayList<Diagnosis>();
        // Renewed half a second ago at most, so what its holder wrote into it is its clock now.
        var answer = home.cluster().sendDated(ApiRequest.get(path));
        var spec =
                Cluster.json(home.allowed(answer.response(), "read " + title)).path("spec");
        var since = spec.path("acquireTime").asText("");
        diagnoses.add(Diagnosis.fine(
                subject(),
                "%s leads%s and renews %s".formatted(holder, since.isEmpty() ? "" : " since " + since, title)));
        var renewed = renewed(spec);
        if (renewed.isPresent() && answer.date().isPresent()) {
            var ahead = ClockSkew.ahead(answer.date().get(), renewed.get(), renewed.get());
            if (ClockSkew.matters(ahead)) {
                diagnoses.add(Diagnosis.worthKnowing(
                        subject(),
                        "the clock of %s is %s the API server's".formatted(holder, ClockSkew.text(ahead)),
                        "set both by NTP: times of conditions and events are wrong by that"));
            }
        }
        return diagnoses;
    }

    private static String nobody(JsonNode spec, String title) {
        var last = spec.path("holderIdentity").asText("");
        var when = renewed(spec).map(at -> " at " + at).orElse("");
        return last.isEmpty()
                ? "nobody leads: the last one gave up %s%s".formatted(title, when)
                : "nobody leads: %s renewed %s last%s, and did not while we looked".formatted(last, title, when);
    }

    private Optional<String> holder(Elector.LeaseName name) {
        try {
            return Elector.holder(home.cluster().client(), name);
        } catch (IOException e) {
            throw new ClusterException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("Interrupted while looking who leads.", e);
        }
    }

    private static Optional<Instant> renewed(JsonNode spec) {
        try {
            return Optional.of(Instant.parse(spec.path("renewTime").asText("")));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
