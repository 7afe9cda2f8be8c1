package dev.spillway.app.doctor;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.kube.http.FeatureGates;
import dev.spillway.kube.translate.ApiRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Whether the API server answers, what it is, and whether this machine's clock agrees with its. */
record ApiServerCheck(Home home, InstantSource clock) implements Check {
    private static final int FIRST_MINOR = 34; // README, "Use it on a cluster"
    private static final String CLOCK = "clock";

    @Override
    public String subject() {
        return "API server";
    }

    @Override
    public List<Diagnosis> look() {
        var before = clock.instant();
        var answer = home.cluster().sendDated(ApiRequest.get("/version"));
        var after = clock.instant();
        var version = home.allowed(answer.response(), "read its version");
        return List.of(
                server(version.body(), Cluster.json(version).path("gitVersion").asText("")),
                clock(before, answer.date(), after));
    }

    private Diagnosis server(String body, String version) {
        var address = home.cluster().connection().server();
        if (version.isEmpty()) {
            return Diagnosis.trouble(
                    subject(),
                    "%s answers, but not with a version: it is no Kubernetes API server".formatted(address),
                    "name another server in the kubeconfig");
        }
        var what = "%s answers, Kubernetes %s".formatted(address, version);
        return FeatureGates.minor(body) < FIRST_MINOR
                ? Diagnosis.worthKnowing(
                        subject(),
                        what + ", which is older than what Spillway was tried on",
                        "use Kubernetes 1.%d or newer".formatted(FIRST_MINOR))
                : Diagnosis.fine(subject(), what);
    }

    private static Diagnosis clock(Instant before, Optional<Instant> date, Instant after) {
        if (date.isEmpty()) {
            return Diagnosis.worthKnowing(CLOCK, "the API server does not say what time it is", "");
        }
        var ahead = ClockSkew.ahead(date.get(), before, after);
        return ClockSkew.matters(ahead)
                ? Diagnosis.worthKnowing(
                        CLOCK,
                        "this machine's clock is %s the API server's".formatted(ClockSkew.text(ahead)),
                        "set both by NTP: times that a controller here writes, and when certificates and tokens end,"
                                + " are judged by different clocks")
                : Diagnosis.fine(CLOCK, "this machine's clock and the API server's agree");
    }
}
