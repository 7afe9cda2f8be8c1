package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.core.model.Names;
import dev.spillway.core.port.Tags;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.regions.conformance.RequestBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One world around {@link Copies}, drawn from a seed: pods come, name more and go, objects at home change, strangers' objects stand in the way, processes
 * start anew, requests and answers are lost. Whenever it calms down, the region has a copy of whatever a living pod names and none of what no living
 * pod names; no copy that is named is ever deleted, and nothing of a stranger's is ever touched.
 */
final class CopiesWorld {
    private static final String CLUSTER = "cluster-1";
    private static final String AT_HOME = "/api/v1/namespaces/default/";
    private static final String NAMESPACE = "cluster-1-default";
    private static final String IN_REGION = "/api/v1/namespaces/" + NAMESPACE + "/";
    private static final int STEPS = 80;
    private static final int BETWEEN_CALMS = 20;
    private static final int JOURNAL = 25;

    /** A bug around {@link Copies}, which must be caught. */
    enum PlantedBug {
        NONE,
        /** A Secret is taken for deleted that was not. */
        SECRET_LEFT_BEHIND,
        /** One pod of the region is never counted among those that name something. */
        POD_OVERLOOKED
    }

    /** An invariant is broken. */
    static final class BrokenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenException(String message) {
            super(message);
        }
    }

    private record Running(PodId id, Tags tags, Set<Reference> named) {}

    private final SplittableRandom random;
    private final PlantedBug bug;
    private final ObjectsPlay home;
    private final ObjectsPlay region;
    private final TreeMap<String, Running> running = new TreeMap<>(); // by name at home
    private final ArrayDeque<String> journal = new ArrayDeque<>();
    private Copies copies = newProcess();
    private boolean isCalm;
    private int podsEver;
    private int values;

    private CopiesWorld(long seed, PlantedBug bug) {
        this.random = new SplittableRandom(seed);
        this.bug = bug;
        this.home = new ObjectsPlay(this::fate, (request, path, there) -> {
            throw new BrokenException("wrote %s at home".formatted(path));
        });
        this.region = new ObjectsPlay(this::fate, this::guard);
    }

    /** Runs it; what is broken, with what happened last, or null. */
    static @Nullable String run(long seed, PlantedBug bug) {
        var world = new CopiesWorld(seed, bug);
        try {
            for (int step = 1; step <= STEPS; step++) {
                world.step();
                if (step % BETWEEN_CALMS == 0) {
                    world.calmDown();
                }
            }
            return null;
        } catch (BrokenException broken) {
            return broken.getMessage() + "\n  " + String.join("\n  ", world.journal);
        }
    }

    private static Copies newProcess() {
        return new Copies(CLUSTER, new CopyTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    private ObjectsPlay.Fate fate() {
        return isCalm || random.nextInt(100) >= 12
                ? ObjectsPlay.Fate.ARRIVES
                : pick(List.of(ObjectsPlay.Fate.values()));
    }

    // What happens

    private void step() {
        int what = random.nextInt(100);
        if (what < 22) {
            podComes();
        } else if (what < 34) {
            podNamesMore();
        } else if (what < 50) {
            podGoes();
        } else if (what < 62) {
            var reference = pick(references());
            note(reference + " changes at home");
            home.put(AT_HOME + reference, object(reference, "home-" + ++values));
        } else if (what < 68) {
            var reference = pick(references());
            note(reference + " is deleted at home");
            home.remove(AT_HOME + reference);
        } else if (what < 76) {
            somebodyMeddles();
        } else if (what < 80) {
            note("another process");
            copies = newProcess();
        } else {
            var _ = tended();
        }
    }

    private void podComes() {
        var name = "p-" + ++podsEver;
        var named = new TreeSet<Reference>();
        for (int i = random.nextInt(4); i > 0; i--) {
            named.add(pick(references()));
        }
        var tags = RequestBuilder.requestFor(name).build().tags();
        var id = new PodId(NAMESPACE, name + "-0123456789", "r-" + podsEver);
        home.put(AT_HOME + "pods/" + name, homePod(name, named));
        boolean isMade =
                with(References.atHome(homePod(name, named)), () -> running.put(name, new Running(id, tags, named)));
        note("%s comes and names %s: %s".formatted(name, named, isMade ? "made" : "not made"));
        if (!isMade) {
            home.remove(AT_HOME + "pods/" + name);
        } else if (random.nextInt(10) > 0) { // else it is never bound
            home.put(AT_HOME + "pods/" + name, bound(homePod(name, named), tags, id));
            told(name);
        }
    }

    /** A container is added to it later, at home and then there. */
    private void podNamesMore() {
        var bound = running.keySet().stream().filter(this::isBound).toList();
        if (bound.isEmpty()) {
            return;
        }
        var name = pick(bound);
        var pod = Objects.requireNonNull(running.get(name));
        var named = new TreeSet<>(pod.named());
        var added = pick(references());
        named.add(added);
        var more = homePod(name, pod.named());
        var debugger = more.withObject("/spec").putArray("ephemeralContainers").addObject();
        debugger.put("name", "debugger-" + ++values).put("image", "busybox:1.37");
        debugger.putArray("envFrom")
                .addObject()
                .putObject(added.kind() == Kind.SECRET ? "secretRef" : "configMapRef")
                .put("name", added.name());
        home.put(AT_HOME + "pods/" + name, bound(more, pod.tags(), pod.id()));
        told(name);
        boolean isAdded = with(
                References.atHome(homePod(name, named)),
                () -> running.put(name, new Running(pod.id(), pod.tags(), named)));
        note("%s names %s: %s".formatted(name, named, isAdded ? "added" : "not added"));
    }

    private void podGoes() {
        if (running.isEmpty()) {
            return;
        }
        var name = pick(List.copyOf(running.keySet()));
        copies.ending(Objects.requireNonNull(running.get(name)).id().instance());
        home.remove(AT_HOME + "pods/" + name);
        boolean isGone = random.nextInt(3) > 0; // else it ends there by and by
        note(name + (isGone ? " is gone" : " is gone at home"));
        if (isGone) {
            running.remove(name);
        }
    }

    private void somebodyMeddles() {
        var reference = pick(references());
        var there = region.get(IN_REGION + reference);
        if (there == null) {
            note("a stranger's " + reference + " in the region");
            region.put(IN_REGION + reference, object(reference, "a stranger's"));
        } else {
            note("somebody deletes %s in the region, which is %s"
                    .formatted(reference, isOurs(there) ? "ours" : "a stranger's"));
            region.remove(IN_REGION + reference);
        }
    }

    private @Nullable String tended() {
        var why = copies.tend(calls(home), calls(region()), holders());
        note("tended" + (why == null ? "" : ": " + why));
        return why;
    }

    private boolean with(References references, Runnable make) {
        return copies.with(
                calls(home),
                calls(region()),
                new Copies.Need("default", NAMESPACE, references),
                () -> {
                    make.run();
                    return true;
                },
                why -> false);
    }

    private void told(String name) {
        var pod = running.get(name);
        var atHome = home.get(AT_HOME + "pods/" + name);
        if (pod != null && atHome != null) {
            copies.edited(pod.id().instance(), Decoder.edits(atHome));
        }
    }

    private List<Copies.Holder> holders() {
        return running.values().stream()
                .skip(bug == PlantedBug.POD_OVERLOOKED ? 1 : 0)
                .map(pod -> new Copies.Holder(pod.id(), pod.tags(), references(pod.named())))
                .toList();
    }

    private Sender region() {
        return bug == PlantedBug.SECRET_LEFT_BEHIND ? this::withoutDeletingSecrets : region;
    }

    private ApiResponse withoutDeletingSecrets(ApiRequest request, Duration deadline) throws IOException {
        boolean isSkipped = request.method().equals("DELETE") && request.path().contains("/secrets/");
        return isSkipped ? ApiResponse.of(200, "{\"kind\": \"Status\"}") : region.send(request, deadline);
    }

    private static Calls calls(Sender sender) {
        return new Calls(sender, Deadline.in(Duration.ofMinutes(1)));
    }

    // What must hold

    private void guard(ApiRequest request, String path, @Nullable ObjectNode there) {
        if (there != null && !isOurs(there)) {
            throw new BrokenException("%s of a stranger's %s".formatted(request.method(), path));
        }
        var reference = path.substring(IN_REGION.length());
        if (request.method().equals("DELETE")) {
            boolean isWanted = home.get(AT_HOME + reference) != null
                    && !namingThere(reference).isEmpty();
            if (isWanted) {
                throw new BrokenException("deleted %s, which %s names".formatted(reference, namingThere(reference)));
            }
        } else if (home.all().values().stream().noneMatch(pod -> namesAtHome(pod, reference))) {
            throw new BrokenException("copied %s, which no pod at home names".formatted(reference));
        }
    }

    /** Nothing goes wrong for a while: everything is as it should be. */
    private void calmDown() {
        isCalm = true;
        var _ = tended(); // may find out what the next round mends: that an object of a name is another one by now
        var why = tended();
        if (why != null) {
            throw new BrokenException("nothing goes wrong, but " + why);
        }
        for (var reference : references()) {
            check(reference);
        }
        isCalm = false;
    }

    private void check(Reference reference) {
        var there = region.get(IN_REGION + reference);
        var atHome = home.get(AT_HOME + reference);
        var naming = namingThere(reference.toString());
        if (there != null && isOurs(there) && naming.isEmpty()) {
            throw new BrokenException("left %s behind, which no living pod names".formatted(reference));
        }
        boolean isAllowed = naming.stream()
                .anyMatch(
                        name -> isBound(name) && namesAtHome(home.get(AT_HOME + "pods/" + name), reference.toString()));
        if (!isAllowed || (there != null && !isOurs(there))) {
            return;
        }
        if (atHome == null
                ? there != null
                : there == null || !atHome.path("data").equals(there.path("data"))) {
            throw new BrokenException("%s, which %s names, is %s in the region and %s at home"
                    .formatted(reference, naming, shown(there), shown(atHome)));
        }
    }

    private List<String> namingThere(String reference) {
        return running.entrySet().stream()
                .filter(entry -> entry.getValue().named().stream()
                        .anyMatch(named -> named.toString().equals(reference)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean namesAtHome(@Nullable ObjectNode pod, String reference) {
        return pod != null
                && References.atHome(pod).optional().keySet().stream()
                        .anyMatch(named -> named.toString().equals(reference));
    }

    private boolean isBound(String name) {
        var pod = home.get(AT_HOME + "pods/" + name);
        return pod != null && !pod.at("/spec/nodeName").asText().isEmpty();
    }

    private static boolean isOurs(ObjectNode object) {
        return object.path("metadata")
                .path("labels")
                .path("spillway.dev/cluster")
                .asText()
                .equals(CLUSTER);
    }

    private static String shown(@Nullable ObjectNode object) {
        return object == null ? "not there" : object.path("data").toString();
    }

    // What it is made of

    private static List<Reference> references() {
        var references = new ArrayList<Reference>();
        for (var kind : Kind.values()) {
            for (var name : List.of("a", "b", "c", "d")) {
                references.add(new Reference(kind, name));
            }
        }
        return references;
    }

    private static References references(Set<Reference> named) {
        var optional = new TreeMap<Reference, Boolean>();
        named.forEach(reference -> optional.put(reference, false));
        return new References(optional);
    }

    private static ObjectNode homePod(String name, Set<Reference> named) {
        var pod = ObjectsPlay.object("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "default", "uid": "uid-%s"},
             "spec": {"containers": [{"name": "nginx", "image": "nginx:1.27"}]}, "status": {"phase": "Pending"}}
            """.formatted(name, name));
        var from = ((ObjectNode) pod.at("/spec/containers/0")).putArray("envFrom");
        for (var reference : named) {
            var field = reference.kind() == Kind.SECRET ? "secretRef" : "configMapRef";
            from.addObject().putObject(field).put("name", reference.name());
        }
        return pod;
    }

    private static ObjectNode bound(ObjectNode pod, Tags tags, PodId id) {
        var offer = tags.offer();
        pod.withObject("/spec")
                .put("nodeName", Names.nodeOf(offer.zone().value()).value());
        pod.withObject("/metadata/annotations")
                .put(Names.REGION, offer.region().value())
                .put(Names.INSTANCE_ID, id.instance().value());
        return pod;
    }

    private static ObjectNode object(Reference reference, String value) {
        return ObjectsPlay.object("""
            {"apiVersion": "v1", "kind": "%s", "metadata": {"name": "%s"}, "data": {"value": "%s"}}
            """.formatted(reference.kind().kind(), reference.name(), value));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void note(String text) {
        journal.addLast(text);
        if (journal.size() > JOURNAL) {
            journal.removeFirst();
        }
    }
}
