package dev.spillway.app.doctor;

import dev.spillway.app.cluster.Installation;
import dev.spillway.core.model.Names;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Whether labelled pods are given to our scheduler when they are created. What counts is what becomes of such a pod (a dry run for each label): that {@code
 * spillway install} brings a policy for it does not make it the only way, a webhook does the same. Where a dry run says nothing, what is there has to do.
 */
record AdmissionCheck(Home home) implements Check {
    private static final String GIVEN = "labelled pods are given to Spillway's scheduler when they are created";
    private static final String POLICY = "mutatingadmissionpolicies/";
    private static final String INSTALL = "spillway install, with this kubeconfig";
    private static final String NAME_IT = "write schedulerName: ack-co-scheduler into pods";
    private static final String LET_TRY =
            "run doctor as somebody who may create pods in namespace default (a dry run; nothing is made)";

    /**
     * A pod that asks for our scheduler in one of the ways that there are, and what becomes of it.
     *
     * @param binding how the name of its binding ends
     * @param pods which ask so
     * @param named whether such a pod gets our scheduler's name; empty where that could not be tried
     */
    private record Trial(String binding, String pods, Optional<Boolean> named) {
        boolean works() {
            return named.orElse(false);
        }

        boolean fails() {
            return !named.orElse(true);
        }

        boolean isUnknown() {
            return named.isEmpty();
        }

        /** Whether it works although something of ours that it takes is missing. */
        boolean worksWithout(List<String> missing) {
            return works() && missing.stream().anyMatch(name -> name.startsWith(POLICY) || name.endsWith(binding));
        }
    }

    @Override
    public String subject() {
        return "admission";
    }

    @Override
    public List<Diagnosis> look() {
        var trials = trials();
        return List.of(
                Installation.hasAdmissionPolicies(home.cluster()) ? withPolicies(trials) : withoutPolicies(trials));
    }

    /** Those of {@code deploy/base}, a binding each. */
    private List<Trial> trials() {
        var inNamespace = labelledNamespace().flatMap(namespace -> tryOut(namespace, Optional.empty()));
        return List.of(
                new Trial("acs-pod", "pods labelled " + Names.ACS, tryOut("default", Optional.of(Names.ACS))),
                new Trial("eci-pod", "pods labelled " + Names.ECI, tryOut("default", Optional.of(Names.ECI))),
                new Trial("eci-namespace", "pods of namespaces labelled " + Names.ECI, inNamespace));
    }

    private Optional<Boolean> tryOut(String namespace, Optional<String> label) {
        return Installation.tryAdmission(home.cluster(), namespace, label);
    }

    /** One to try it in; empty where there is none, or this user may not see it. */
    private Optional<String> labelledNamespace() {
        var path = "%s?limit=1&labelSelector=%s"
                .formatted(Kind.NAMESPACES.path(), ApiRequest.segment(Names.ECI + "=true"));
        try {
            return Home.stream(home.read(path, "list namespaces").path("items"))
                    .findFirst()
                    .map(Home::name);
        } catch (NotAllowedException e) {
            return Optional.empty();
        }
    }

    private Diagnosis withPolicies(List<Trial> trials) {
        List<String> missing;
        try {
            missing = missing();
        } catch (NotAllowedException e) {
            boolean isKnown =
                    trials.stream().anyMatch(Trial::works) && trials.stream().noneMatch(Trial::fails);
            if (isKnown) {
                return Diagnosis.fine(subject(), GIVEN);
            }
            throw e;
        }
        return missing.isEmpty() ? installed(trials) : missing(trials, missing);
    }

    private List<String> missing() {
        return Installation.admissionPaths().stream()
                .filter(path -> home.read(path, "get " + name(path)).isMissingNode())
                .map(AdmissionCheck::name)
                .toList();
    }

    private Diagnosis installed(List<Trial> trials) {
        if (trials.stream().anyMatch(Trial::fails)) {
            return Diagnosis.trouble(
                    subject(),
                    "policy and bindings are there, but %s keep the default scheduler (a dry run)"
                            .formatted(text(trials, Trial::fails)),
                    "once more in a few seconds; then %s, and look at the API server's log".formatted(INSTALL));
        }
        return trials.stream().anyMatch(Trial::works)
                ? Diagnosis.fine(subject(), GIVEN)
                : Diagnosis.fine(subject(), "policy and bindings are there; they could not be tried");
    }

    private Diagnosis missing(List<Trial> trials, List<String> missing) {
        var names = String.join(", ", missing);
        if (trials.stream().anyMatch(Trial::fails)) {
            return Diagnosis.trouble(
                    subject(),
                    "there is no %s: %s keep the default scheduler (a dry run)"
                            .formatted(names, text(trials, Trial::fails)),
                    INSTALL);
        }
        if (trials.stream().anyMatch(trial -> trial.worksWithout(missing))) {
            return Diagnosis.fine(subject(), "%s, by something else than %s".formatted(GIVEN, names));
        }
        return Diagnosis.worthKnowing(
                subject(),
                "there is no %s, and whether something else gives %s to Spillway's scheduler could not be tried"
                        .formatted(names, text(trials, Trial::isUnknown)),
                "%s; where a webhook does it: %s".formatted(INSTALL, LET_TRY));
    }

    private Diagnosis withoutPolicies(List<Trial> trials) {
        if (trials.stream().anyMatch(Trial::fails)) {
            boolean isMixed = trials.stream().anyMatch(Trial::works);
            return Diagnosis.worthKnowing(
                    subject(),
                    "the server has no MutatingAdmissionPolicy (Kubernetes 1.36), and %s keep the default scheduler (a dry run)%s"
                            .formatted(
                                    text(trials, Trial::fails),
                                    isMixed
                                            ? "; something else gives it %s".formatted(text(trials, Trial::works))
                                            : ", so labels alone bring no pod to Spillway"),
                    NAME_IT);
        }
        return trials.stream().anyMatch(Trial::works)
                ? Diagnosis.fine(subject(), GIVEN + ", by something else than what spillway install brings")
                : Diagnosis.worthKnowing(
                        subject(),
                        "the server has no MutatingAdmissionPolicy (Kubernetes 1.36), and whether something else gives labelled pods"
                                + " to Spillway's scheduler could not be tried",
                        "%s; without that: %s".formatted(LET_TRY, NAME_IT));
    }

    private static String text(List<Trial> trials, Predicate<Trial> wanted) {
        return trials.stream().filter(wanted).map(Trial::pods).collect(Collectors.joining(" and "));
    }

    /** The last two segments, as kubectl takes them. */
    private static String name(String path) {
        int name = path.lastIndexOf('/');
        return path.substring(path.lastIndexOf('/', name - 1) + 1);
    }
}
