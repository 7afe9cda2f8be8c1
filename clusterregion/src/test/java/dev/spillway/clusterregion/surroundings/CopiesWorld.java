package dev.spillway.clusterregion.surroundings;

import static dev.spillway.clusterregion.surroundings.CopiesObjects.bound;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.homePod;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.isBarred;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.isOurs;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.object;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.references;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.clusterregion.surroundings.CopiesObjects.Stranger;
import dev.spillway.core.port.Tags;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.regions.conformance.RequestBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One world around {@link Copies}, drawn from a seed: pods come, name more and go, objects at home change, strangers' objects stand in the way, processes
 * start anew, requests and answers are lost. Whenever it calms down, the region has a copy of whatever a living pod names and none of what no living
 * pod names; no copy that is named is ever deleted, and nothing of a stranger's is ever touched.
 */
final class CopiesWorld {
    private static final String AT_HOME = "/api/v1/namespaces/default/";
    private static final String NAMESPACE = CopiesObjects.NAMESPACE;
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
        POD_OVERLOOKED,
        /** Whatever stands in the place of a copy is taken for something that anybody may have. */
        STRANGER_UNNOTICED,
        /** A Secret is taken for one of the type that it has at home. */
        TYPE_UNNOTICED
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
        return new Copies(CopiesObjects.CLUSTER, new CopyTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO));
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
            changesAtHome(pick(references()));
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

    private void changesAtHome(Reference reference) {
        var before = home.get(AT_HOME + reference);
        var value = before == null || random.nextBoolean()
                ? "home-" + ++values
                : before.at("/data/value").asText();
        boolean isAnew = before != null && random.nextInt(3) == 0; // as it has to be for another type
        var type = before == null ? pick(CopiesObjects.TYPES) : CopiesObjects.type(before);
        type = isAnew ? otherThan(type) : type;
        if (isAnew) {
            home.remove(AT_HOME + reference);
        }
        note("%s %s at home: %s, %s".formatted(reference, isAnew ? "is made anew" : "changes", value, type));
        home.put(AT_HOME + reference, object(reference, value, type));
    }

    private static String otherThan(String type) {
        return CopiesObjects.TYPES.get(type.equals(CopiesObjects.TYPES.getFirst()) ? 1 : 0);
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
            var stranger = pick(Stranger.of(reference.kind()));
            note("a stranger's %s in the region, %s".formatted(reference, stranger));
            region.put(IN_REGION + reference, stranger.object(reference));
        } else if (isOurs(there) && random.nextInt(3) == 0) {
            note("somebody makes our %s in the region immutable".formatted(reference));
            region.put(IN_REGION + reference, there.put("immutable", true));
        } else {
            note("somebody deletes %s in the region, which is %s"
                    .formatted(reference, isOurs(there) ? "ours" : "a stranger's"));
            region.remove(IN_REGION + reference);
        }
    }

    private @Nullable String tended() {
        var holders = holders();
        var swept = copies.sweep(calls(region()), holders);
        var tended = copies.tend(calls(home), calls(region()), holders);
        var why = swept != null ? swept : tended;
        note("tended" + (why == null ? "" : ": " + why));
        return why;
    }

    private boolean with(References references, Runnable make) {
        return copies.with(
                calls(home),
                calls(region()),
                new Copies.Need("default", NAMESPACE, references),
                () -> {
                    references.optional().keySet().forEach(this::requireNotBarred);
                    make.run();
                    return true;
                },
                why -> false);
    }

    private void requireNotBarred(Reference reference) {
        var there = region.get(IN_REGION + reference);
        if (there != null && isBarred(there)) {
            throw new BrokenException("made a pod that gets %s, which is not for it".formatted(reference));
        }
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
        return switch (bug) {
            case NONE, POD_OVERLOOKED -> region;
            case SECRET_LEFT_BEHIND -> this::withoutDeletingSecrets;
            case STRANGER_UNNOTICED -> (request, deadline) -> shown(request, deadline, CopiesWorld::asNobodys);
            case TYPE_UNNOTICED -> (request, deadline) -> shown(request, deadline, this::asAtHome);
        };
    }

    private ApiResponse withoutDeletingSecrets(ApiRequest request, Duration deadline) throws IOException {
        boolean isSkipped = request.method().equals("DELETE") && request.path().contains("/secrets/");
        return isSkipped ? ApiResponse.of(200, "{\"kind\": \"Status\"}") : region.send(request, deadline);
    }

    /** What is read in the region looks otherwise than it is. */
    private ApiResponse shown(ApiRequest request, Duration deadline, UnaryOperator<ObjectNode> otherwise)
            throws IOException {
        var answer = region.send(request, deadline);
        boolean isObject = request.method().equals("GET") && request.path().startsWith(IN_REGION) && answer.isSuccess();
        return isObject
                ? ApiResponse.of(
                        200, otherwise.apply(ObjectsPlay.object(answer.body())).toString())
                : answer;
    }

    private static ObjectNode asNobodys(ObjectNode there) {
        if (isBarred(there)) {
            there.withObject("/metadata").remove("labels");
            there.put("type", "Opaque");
        }
        return there;
    }

    private ObjectNode asAtHome(ObjectNode there) {
        var atHome = home.get(AT_HOME + "secrets/" + there.at("/metadata/name").asText());
        return atHome != null && there.path("kind").asText().equals("Secret")
                ? there.put("type", CopiesObjects.type(atHome))
                : there;
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
            var atHome = home.get(AT_HOME + reference);
            boolean isWanted = atHome != null
                    && !namingThere(reference).isEmpty()
                    && !isStuck(Objects.requireNonNull(there), atHome);
            if (isWanted) {
                throw new BrokenException("deleted %s, which %s names".formatted(reference, namingThere(reference)));
            }
        } else if (home.all().values().stream().noneMatch(pod -> namesAtHome(pod, reference))) {
            throw new BrokenException("copied %s, which no pod at home names".formatted(reference));
        }
    }

    /** Whether no update makes it what it is at home: then it is made anew (kubernetes.io/docs: "Immutable Secrets"; a type is never changed). */
    private static boolean isStuck(ObjectNode there, ObjectNode atHome) {
        boolean isOfOtherType = !CopiesObjects.type(there).equals(CopiesObjects.type(atHome));
        return isOfOtherType
                || (there.path("immutable").asBoolean() && !there.path("data").equals(atHome.path("data")));
    }

    /** Nothing goes wrong for a while: everything is as it should be. */
    private void calmDown() {
        isCalm = true;
        var _ = tended(); // may find out what the next round mends: that an object of a name is another one by now
        var why = tended();
        boolean isBarred = references().stream().anyMatch(this::isBarredFromItsPod);
        if (why != null && !isBarred) {
            throw new BrokenException("nothing goes wrong, but " + why);
        }
        if (why == null && isBarred) {
            throw new BrokenException("nobody is told that a pod cannot have what stands in the place of its copy");
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
        if (!isAllowed(reference) || (there != null && !isOurs(there))) {
            return;
        }
        if (!shown(atHome).equals(shown(there))) {
            throw new BrokenException("%s, which %s names, is %s in the region and %s at home"
                    .formatted(reference, naming, shown(there), shown(atHome)));
        }
    }

    private boolean isBarredFromItsPod(Reference reference) {
        var there = region.get(IN_REGION + reference);
        return there != null && isBarred(there) && isAllowed(reference);
    }

    /** Whether a pod names it that says at home that it runs there and names it. */
    private boolean isAllowed(Reference reference) {
        return namingThere(reference.toString()).stream()
                .anyMatch(
                        name -> isBound(name) && namesAtHome(home.get(AT_HOME + "pods/" + name), reference.toString()));
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

    private static String shown(@Nullable ObjectNode object) {
        return object == null ? "not there" : object.path("data") + " " + CopiesObjects.type(object);
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
