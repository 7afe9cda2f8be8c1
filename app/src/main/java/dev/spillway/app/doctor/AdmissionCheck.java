package dev.spillway.app.doctor;

import dev.spillway.app.cluster.Installation;
import java.util.List;

/** Whether a labelled pod is given to our scheduler when it is created: by a dry run, and by what should be there for it. */
record AdmissionCheck(Home home) implements Check {
    private static final String GIVEN = "labelled pods are given to Spillway's scheduler when they are created";
    private static final String INSTALL = "spillway install, with this kubeconfig";

    @Override
    public String subject() {
        return "admission";
    }

    @Override
    public List<Diagnosis> look() {
        var tried = Installation.tryAdmission(home.cluster());
        if (!Installation.hasAdmissionPolicies(home.cluster())) {
            return List.of(withoutPolicies(tried.orElse(false)));
        }
        var missing = Installation.admissionPaths().stream()
                .filter(path -> home.read(path, "get " + name(path)).isMissingNode())
                .map(AdmissionCheck::name)
                .toList();
        if (!missing.isEmpty()) {
            return List.of(Diagnosis.trouble(
                    subject(),
                    "there is no %s: pods that only carry a label may not come to Spillway"
                            .formatted(String.join(", ", missing)),
                    INSTALL));
        }
        return List.of(tried.map(this::withPolicies)
                .orElseGet(() -> Diagnosis.fine(subject(), "policy and bindings are there; they could not be tried")));
    }

    private Diagnosis withPolicies(boolean named) {
        return named
                ? Diagnosis.fine(subject(), GIVEN)
                : Diagnosis.trouble(
                        subject(),
                        "policy and bindings are there, but a labelled pod kept the default scheduler (a dry run)",
                        "once more in a few seconds; then %s, and look at the API server's log".formatted(INSTALL));
    }

    private Diagnosis withoutPolicies(boolean named) {
        return named
                ? Diagnosis.fine(subject(), GIVEN + ", by something else than what spillway install brings")
                : Diagnosis.worthKnowing(
                        subject(),
                        "the server has no MutatingAdmissionPolicy (Kubernetes 1.36), so labels alone bring no pod to Spillway",
                        "write schedulerName: ack-co-scheduler into pods");
    }

    /** The last two segments, as kubectl takes them. */
    private static String name(String path) {
        int name = path.lastIndexOf('/');
        return path.substring(path.lastIndexOf('/', name - 1) + 1);
    }
}
