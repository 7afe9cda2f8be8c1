package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeRequirement;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.Toleration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads the specification of one pod from a JSON stream. */
final class PodSpecReader {
    private static final int DEFAULT_GRACE_SECONDS = 30; // core/v1 defaulting

    private final JsonParser parser;
    private final EditDigest edits;
    private final PodRequests requests;
    private final List<List<NodeRequirement>> nodeTerms = new ArrayList<>();
    private final List<Toleration> tolerations = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private final List<Container> initContainers = new ArrayList<>();
    private final List<String> readinessGates = new ArrayList<>();
    private final TreeSet<String> regionBlockers = new TreeSet<>();
    private final NodeRulesReader rules = new NodeRulesReader();
    private String schedulerName = "";
    private String nodeName = "";
    private Labels nodeSelector = Labels.empty();
    private PodSpec.RestartPolicy restartPolicy = PodSpec.RestartPolicy.ALWAYS;
    private int priority;
    private int graceSeconds = DEFAULT_GRACE_SECONDS;
    private boolean gated;
    private boolean hostNetwork;
    private boolean ownUsers;

    PodSpecReader(JsonParser parser, EditDigest edits) {
        this.parser = parser;
        this.edits = edits;
        this.requests = new PodRequests(parser, edits);
    }

    String nodeName() {
        return nodeName;
    }

    /** Types of the conditions on which the pod's readiness depends, in order. */
    List<String> readinessGates() {
        return readinessGates;
    }

    boolean isGated() {
        return gated;
    }

    PodSpec build(String namespace, Labels labels) {
        if (hostNetwork && ownUsers) {
            rules.unsupported("hostUsers with hostNetwork"); // needs a node feature (KEP-5607)
        }
        return new PodSpec(
                schedulerName,
                requests.total(),
                nodeSelector,
                nodeTerms,
                tolerations,
                Stream.concat(initContainers.stream(), containers.stream()).toList(),
                restartPolicy,
                priority,
                graceSeconds,
                rules.build(namespace, labels),
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
            case "readinessGates" ->
                Walk.list(parser, () -> {
                    var type = Decoder.tree(parser).path("conditionType").asText();
                    readinessGates.add(type.intern());
                });
            case "hostNetwork" -> {
                hostNetwork = Walk.flag(parser);
                blockIf(hostNetwork, field);
            }
            case "hostPID", "hostIPC" -> blockIf(Walk.flag(parser), field);
            case "hostUsers" -> ownUsers = Walk.text(parser).equals("false");
            case "topologySpreadConstraints" -> rules.spread(Decoder.tree(parser));
            case "preemptionPolicy" -> rules.preemptionPolicy(Walk.text(parser));
            case "resourceClaims" -> {
                if (!Decoder.tree(parser).isEmpty()) {
                    rules.unsupported(field);
                }
            }
            case "schedulingGroup", "workloadRef" -> {
                if (Walk.isPresent(parser)) {
                    rules.unsupported(field);
                }
            }
            case "volumes" -> Walk.list(parser, this::volume);
            case "ephemeralContainers" -> edits.take(Decoder.tree(parser).toString());
            case "activeDeadlineSeconds" -> {
                edits.take(field);
                edits.take(Walk.text(parser));
            }
            default -> parser.skipChildren();
        }
    }

    private void blockIf(boolean used, String what) {
        if (used) {
            regionBlockers.add(what);
        }
    }

    private void volume() throws IOException {
        var volume = new Object() {
            String name = "";
            boolean ephemeral;
        };
        Walk.object(parser, field -> {
            switch (field) {
                case "name" -> volume.name = Walk.text(parser);
                case "hostPath" -> blockIf(Walk.isPresent(parser), field);
                case "persistentVolumeClaim" -> {
                    var claim = Decoder.tree(parser).path("claimName").asText();
                    if (!claim.isEmpty()) {
                        rules.claim(claim, false);
                        regionBlockers.add(field);
                    }
                }
                case "ephemeral" -> volume.ephemeral = Walk.isPresent(parser);
                // Disks that the pod names itself: kube-scheduler knows which of them exclude one another, and counts
                // some.
                case "awsElasticBlockStore",
                        "azureDisk",
                        "cinder",
                        "gcePersistentDisk",
                        "iscsi",
                        "portworxVolume",
                        "rbd" -> {
                    if (Walk.isPresent(parser)) {
                        rules.unsupported("volume " + field);
                    }
                }
                default -> parser.skipChildren();
            }
        });
        if (volume.ephemeral) {
            rules.claim(volume.name, true);
            regionBlockers.add("ephemeral volume");
        }
    }

    private void container() throws IOException {
        requests.startContainer();
        containers.add(containerFields(true));
        requests.endContainer();
    }

    private void initContainer() throws IOException {
        requests.startContainer();
        initContainers.add(containerFields(false));
        requests.endInitContainer();
    }

    private Container containerFields(boolean isMain) throws IOException {
        var container = new Object() {
            String name = "";
            String image = "";
            String restartPolicy = "";
            JsonNode ports = MissingNode.getInstance();
        };
        Walk.object(parser, field -> {
            switch (field) {
                case "name" -> container.name = Walk.text(parser).intern();
                case "image" -> container.image = Walk.text(parser).intern();
                case "resources" -> requests.container();
                case "restartPolicy" -> container.restartPolicy = Walk.text(parser);
                case "restartPolicyRules" -> Walk.list(parser, this::restartRule);
                case "ports" -> container.ports = Decoder.tree(parser);
                case "securityContext" -> Walk.object(parser, this::securityField);
                default -> parser.skipChildren();
            }
        });
        edits.take(container.name);
        edits.take(container.image);
        requests.restartPolicy(container.restartPolicy);
        var role = isMain
                ? Container.Role.MAIN
                : container.restartPolicy.equals("Always") ? Container.Role.SIDECAR : Container.Role.INIT;
        if (role != Container.Role.INIT) {
            rules.ports(container.ports);
        }
        return new Container(container.name, container.image, role);
    }

    private void restartRule() throws IOException {
        if (Decoder.tree(parser).path("action").asText().equals("RestartAllContainers")) {
            rules.unsupported("restartPolicyRules RestartAllContainers"); // needs a node feature (KEP-5532)
        }
    }

    private void securityField(String field) throws IOException {
        if (field.equals("privileged")) {
            blockIf(Walk.flag(parser), field);
        } else {
            parser.skipChildren();
        }
    }

    private void affinity() throws IOException {
        Walk.object(parser, field -> {
            switch (field) {
                case "nodeAffinity" -> Walk.object(parser, this::nodeAffinity);
                case "podAffinity" -> rules.podAffinity(Decoder.tree(parser));
                case "podAntiAffinity" -> rules.podAntiAffinity(Decoder.tree(parser));
                default -> parser.skipChildren();
            }
        });
    }

    private void nodeAffinity(String field) throws IOException {
        switch (field) {
            case "requiredDuringSchedulingIgnoredDuringExecution" -> {
                for (var term : Decoder.tree(parser).path("nodeSelectorTerms")) {
                    nodeTerms.add(NodeRulesReader.nodeTerm(term, rules));
                }
            }
            case "preferredDuringSchedulingIgnoredDuringExecution" -> rules.preferredNodes(Decoder.tree(parser));
            default -> parser.skipChildren();
        }
    }

    private void toleration() throws IOException {
        var toleration = new Object() {
            String key = "";
            String operator = "Equal";
            String value = "";
            String effect = "";
            String seconds = "";
        };
        Walk.object(parser, field -> {
            switch (field) {
                case "key" -> toleration.key = Walk.text(parser).intern();
                case "operator" -> toleration.operator = Walk.text(parser);
                case "value" -> toleration.value = Walk.text(parser).intern();
                case "effect" -> toleration.effect = Walk.text(parser).intern();
                case "tolerationSeconds" -> toleration.seconds = Walk.text(parser);
                default -> parser.skipChildren();
            }
        });
        Stream.of(toleration.key, toleration.operator, toleration.value, toleration.effect, toleration.seconds)
                .forEach(edits::take);
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
