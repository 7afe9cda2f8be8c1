package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import dev.spillway.core.cluster.Container;
import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.NodeRequirement;
import dev.spillway.core.cluster.NodeRules;
import dev.spillway.core.cluster.PodSpec;
import dev.spillway.core.cluster.Toleration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads the specification of one pod from a JSON stream. */
final class PodSpecReader {
    private static final int DEFAULT_GRACE_SECONDS = 30; // core/v1 defaulting

    private final JsonParser parser;
    private final PodRequests requests;
    private final List<List<NodeRequirement>> nodeTerms = new ArrayList<>();
    private final List<Toleration> tolerations = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private final TreeSet<String> regionBlockers = new TreeSet<>();
    private String schedulerName = "";
    private String nodeName = "";
    private Labels nodeSelector = Labels.empty();
    private PodSpec.RestartPolicy restartPolicy = PodSpec.RestartPolicy.ALWAYS;
    private int priority;
    private int graceSeconds = DEFAULT_GRACE_SECONDS;
    private boolean gated;

    PodSpecReader(JsonParser parser) {
        this.parser = parser;
        this.requests = new PodRequests(parser);
    }

    String nodeName() {
        return nodeName;
    }

    boolean isGated() {
        return gated;
    }

    PodSpec build() {
        return new PodSpec(
                schedulerName,
                requests.total(),
                nodeSelector,
                nodeTerms,
                tolerations,
                containers,
                restartPolicy,
                priority,
                graceSeconds,
                NodeRules.NONE,
                regionBlockers);
    }

    void read() throws IOException {
        Walk.object(parser, this::field);
    }

    private void field(String field) throws IOException {
        switch (field) {
            case "schedulerName" -> schedulerName = Walk.text(parser).intern();
            case "nodeName" -> nodeName = Walk.text(parser).intern();
            case "nodeSelector" -> nodeSelector = Walk.pairs(parser, key -> true);
            case "affinity" -> affinity();
            case "tolerations" -> Walk.list(parser, this::toleration);
            case "containers" -> Walk.list(parser, this::container);
            case "initContainers" -> Walk.list(parser, this::initContainer);
            case "overhead" -> requests.overhead();
            case "resources" -> requests.podLevel();
            case "restartPolicy" -> restartPolicy = restartPolicy(Walk.text(parser));
            case "priority" -> priority = Walk.number(parser, 0);
            case "terminationGracePeriodSeconds" -> graceSeconds = Walk.number(parser, DEFAULT_GRACE_SECONDS);
            case "schedulingGates" -> Walk.list(parser, () -> gated |= Walk.isPresent(parser));
            case "hostNetwork", "hostPID", "hostIPC" -> blockIf(Walk.flag(parser), field);
            case "volumes" -> Walk.list(parser, this::volume);
            default -> parser.skipChildren();
        }
    }

    private void blockIf(boolean used, String what) {
        if (used) {
            regionBlockers.add(what);
        }
    }

    private void volume() throws IOException {
        Walk.object(parser, field -> {
            if (field.equals("hostPath")) {
                blockIf(Walk.isPresent(parser), field);
            } else {
                parser.skipChildren();
            }
        });
    }

    private void container() throws IOException {
        requests.startContainer();
        containers.add(containerFields());
        requests.endContainer();
    }

    private void initContainer() throws IOException {
        requests.startContainer();
        containerFields();
        requests.endInitContainer();
    }

    private Container containerFields() throws IOException {
        var container = new Object() {
            String name = "";
            String image = "";
        };
        Walk.object(parser, field -> {
            switch (field) {
                case "name" -> container.name = Walk.text(parser).intern();
                case "image" -> container.image = Walk.text(parser).intern();
                case "resources" -> requests.container();
                case "restartPolicy" -> requests.restartPolicy(Walk.text(parser));
                case "securityContext" -> Walk.object(parser, this::securityField);
                default -> parser.skipChildren();
            }
        });
        return new Container(container.name, container.image);
    }

    private void securityField(String field) throws IOException {
        if (field.equals("privileged")) {
            blockIf(Walk.flag(parser), field);
        } else {
            parser.skipChildren();
        }
    }

    private void affinity() throws IOException {
        at(
                "nodeAffinity",
                () -> at(
                        "requiredDuringSchedulingIgnoredDuringExecution",
                        () -> at("nodeSelectorTerms", () -> Walk.list(parser, this::nodeTerm))));
    }

    /** Reads one field of the object ahead and skips the others. */
    private void at(String wanted, Walk.Element reader) throws IOException {
        Walk.object(parser, field -> {
            if (field.equals(wanted)) {
                reader.read();
            } else {
                parser.skipChildren();
            }
        });
    }

    private void nodeTerm() throws IOException {
        var term = new ArrayList<NodeRequirement>();
        Walk.object(parser, field -> {
            switch (field) {
                case "matchExpressions" -> Walk.list(parser, () -> term.add(requirement(false)));
                case "matchFields" -> Walk.list(parser, () -> term.add(requirement(true)));
                default -> parser.skipChildren();
            }
        });
        nodeTerms.add(term);
    }

    private NodeRequirement requirement(boolean onField) throws IOException {
        var values = new ArrayList<String>();
        var requirement = new Object() {
            String key = "";
            String operator = "";
        };
        Walk.object(parser, field -> {
            switch (field) {
                case "key" -> requirement.key = Walk.text(parser).intern();
                case "operator" -> requirement.operator = Walk.text(parser);
                case "values" ->
                    Walk.list(parser, () -> values.add(Walk.text(parser).intern()));
                default -> parser.skipChildren();
            }
        });
        return switch (requirement.operator) {
            case "In" -> new NodeRequirement(onField, requirement.key, NodeRequirement.Operator.IN, values);
            case "NotIn" -> new NodeRequirement(onField, requirement.key, NodeRequirement.Operator.NOT_IN, values);
            case "Exists" -> new NodeRequirement(onField, requirement.key, NodeRequirement.Operator.EXISTS, values);
            case "DoesNotExist" ->
                new NodeRequirement(onField, requirement.key, NodeRequirement.Operator.DOES_NOT_EXIST, values);
            case "Gt" -> new NodeRequirement(onField, requirement.key, NodeRequirement.Operator.GT, values);
            case "Lt" -> new NodeRequirement(onField, requirement.key, NodeRequirement.Operator.LT, values);
            // An operator of a later Kubernetes: In without values holds for no node, so the pod waits rather than
            // errs.
            default -> new NodeRequirement(onField, requirement.key, NodeRequirement.Operator.IN, List.of());
        };
    }

    private void toleration() throws IOException {
        var toleration = new Object() {
            String key = "";
            String operator = "Equal";
            String value = "";
            String effect = "";
        };
        Walk.object(parser, field -> {
            switch (field) {
                case "key" -> toleration.key = Walk.text(parser).intern();
                case "operator" -> toleration.operator = Walk.text(parser);
                case "value" -> toleration.value = Walk.text(parser).intern();
                case "effect" -> toleration.effect = Walk.text(parser).intern();
                default -> parser.skipChildren();
            }
        });
        switch (toleration.operator) {
            case "Exists" -> add(toleration.key, Toleration.Operator.EXISTS, toleration.value, toleration.effect);
            case "Equal", "" -> add(toleration.key, Toleration.Operator.EQUAL, toleration.value, toleration.effect);
            // Gt and Lt (Kubernetes 1.35, alpha) compare numbers; left out, such a toleration tolerates nothing.
            default -> {}
        }
    }

    private void add(String key, Toleration.Operator operator, String value, String effect) {
        tolerations.add(new Toleration(key, operator, value, effect));
    }

    private static PodSpec.RestartPolicy restartPolicy(String text) {
        return switch (text) {
            case "Never" -> PodSpec.RestartPolicy.NEVER;
            case "OnFailure" -> PodSpec.RestartPolicy.ON_FAILURE;
            default -> PodSpec.RestartPolicy.ALWAYS;
        };
    }
}
