package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.FieldSelector;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.api.Query;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Get, list and watch.
 *
 * <p>Versions in a query, after the page "Kubernetes API Concepts": none is the newest state; {@code 0} is any state, here the
 * newest, too; any other is a state not older than that, or that very one with {@code resourceVersionMatch=Exact}. A list comes
 * in pages where a {@code limit} says so, all of one state; at version {@code 0} it is whole all the same, as one from the API
 * server's cache is, and at any other version a limit means that very one.
 */
final class Reads {

    private static final String VERSION = "resourceVersion";
    private static final String MATCH = "resourceVersionMatch";
    private static final String CONTINUE = "continue";
    private static final String LABELS = "labelSelector";
    private static final String FIELDS = "fieldSelector";

    private static final String NOT_WITH_CONTINUE = "resourceVersionMatch is forbidden when continue is provided";

    private static final ResourceType LIST_OPTIONS =
            new ResourceType("meta.k8s.io", "v1", "", "ListOptions", ResourceType.Scope.CLUSTER);

    private final Storage storage;
    private final Map<ResourceType, TypeRules> rules;

    Reads(Storage storage, Map<ResourceType, TypeRules> rules) {
        this.storage = storage;
        this.rules = rules;
    }

    Response get(Request request) {
        Target target = request.target();
        versionOf(request.query());
        return new Response(200, storage.require(target.type(), target.namespace(), nameOf(target)));
    }

    Response list(Request request) {
        Target target = request.target();
        Query query = request.query();
        Predicate<ObjectNode> selects = selector(target, query);
        validateListQuery(query);
        Long number = query.number("limit");
        long limit = number == null || number < 0 || namesOne(target, query) ? 0 : number;
        String token = query.text(CONTINUE);
        if (token != null) {
            return goOn(request, ContinueToken.parse(token), selects, limit);
        }
        TypeTable table = storage.table(target.type());
        long wanted = versionOf(query);
        String match = query.text(MATCH);
        if ("Exact".equals(match) || (match == null && limit > 0 && wanted > 0)) {
            if (wanted < table.compacted()) {
                throw Failure.expired("The resourceVersion for the provided list is too old.");
            }
            Page.Terms terms = new Page.Terms(selects, limit, null);
            return listOf(request, Page.of(table.objectsAt(target.namespace(), wanted), target, wanted, terms));
        }
        Page.Terms terms = new Page.Terms(selects, "0".equals(query.text(VERSION)) ? 0 : limit, null);
        return listOf(request, Page.of(table.objects(target.namespace()), target, storage.version(), terms));
    }

    private Response goOn(Request request, ContinueToken token, Predicate<ObjectNode> selects, long limit) {
        Target target = request.target();
        String asked = request.query().text(VERSION);
        if (asked != null && !asked.equals("0")) {
            throw Failure.badRequest("specifying resource version is not allowed when using continue");
        }
        if (token.version() > storage.version()) {
            throw Failure.versionTooLarge(token.version(), storage.version());
        }
        TypeTable table = storage.table(target.type());
        long version = token.version() < 0 ? storage.version() : token.version();
        if (version < table.compacted()) {
            throw Failure.expiredList(token.inconsistent().text());
        }
        Page.Terms terms = new Page.Terms(selects, limit, token.key(target));
        return listOf(request, Page.of(table.objectsAt(target.namespace(), version), target, version, terms));
    }

    /** One object that is asked for by its name is never the first of many. */
    private static boolean namesOne(Target target, Query query) {
        boolean inOnePlace = target.namespace() != null || !target.type().isNamespaced();
        return inOnePlace
                && FieldSelector.parse(query.text(FIELDS)).requirements().stream()
                        .anyMatch(one ->
                                one.field().equals("metadata.name") && one.relation() == FieldSelector.Relation.EQUAL);
    }

    /** What a server would answer that has seen nothing newer than a version. */
    Response asOf(Request request, long version) {
        Target target = request.target();
        TypeTable table = storage.table(target.type());
        if (version < table.compacted() || version > storage.version()) {
            throw new IllegalArgumentException("The version (%d) must lie between %d and %d, what the store remembers."
                    .formatted(version, table.compacted(), storage.version()));
        }
        if (target.name() == null) {
            Predicate<ObjectNode> selects = selector(target, request.query());
            return listOf(target.type(), table.objectsAt(target.namespace(), version), selects, version);
        }
        ObjectNode object = table.getAt(ObjectKey.of(target.namespace(), target.name()), version);
        if (object == null) {
            throw Failure.notFound(target.type(), target.name());
        }
        return new Response(200, object);
    }

    Watch watch(Request request, Instant now) {
        Target target = request.target();
        Query query = request.query();
        validateWatchQuery(query);
        Long seconds = query.number("timeoutSeconds");
        boolean bookmarks = query.isSet("allowWatchBookmarks");
        Watch.Terms terms = new Watch.Terms(
                target.type(),
                target.namespace(),
                selector(target, query),
                bookmarks,
                seconds == null || seconds <= 0 ? null : now.plusSeconds(seconds));
        boolean asked = query.isSet("sendInitialEvents");
        String version = query.text(VERSION);
        boolean stateFirst = version == null || version.equals("0");
        // A version in the future is no error for a watch: it waits for it.
        long from = version == null || stateFirst || asked ? storage.version() : parseForWatch(version);
        Watch watch = new Watch(terms, storage, from, now);
        if (asked || (stateFirst && !query.isGiven("sendInitialEvents"))) {
            watch.begin(present(terms, asked && bookmarks));
        }
        return watch;
    }

    /** The objects of a collection that a query selects, in order of their keys. */
    List<ObjectNode> select(Target target, Query query) {
        Predicate<ObjectNode> selects = selector(target, query);
        List<ObjectNode> selected = new ArrayList<>();
        for (ObjectNode object : storage.table(target.type()).objects(target.namespace())) {
            if (selects.test(object)) {
                selected.add(object);
            }
        }
        return selected;
    }

    /** A list of the API around objects: those of built-in types do not repeat their kind in it. */
    Response listOf(ResourceType type, Iterable<ObjectNode> objects, Predicate<ObjectNode> selects, long version) {
        boolean bare = Objects.requireNonNull(rules.get(type)).isBuiltIn();
        ObjectNode list = Trees.object();
        list.put("kind", type.listKind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata = list.putObject("metadata").put(VERSION, Long.toString(version));
        if (!bare) {
            metadata.put("continue", "");
        }
        ArrayNode items = list.putArray("items");
        for (ObjectNode object : objects) {
            if (selects.test(object)) {
                items.add(bare ? withoutKind(object) : object);
            }
        }
        return new Response(200, list);
    }

    private Response listOf(Request request, Page page) {
        Response whole = listOf(request.target().type(), page.objects(), any -> true, page.version());
        ContinueToken next = page.next();
        if (next == null) {
            return whole;
        }
        ObjectNode list = Trees.thaw(whole.body());
        ObjectNode metadata = Trees.writable(list, "metadata");
        metadata.put(CONTINUE, next.text());
        // Of what is selected nobody has counted the rest.
        if (request.query().text(LABELS) == null && request.query().text(FIELDS) == null) {
            metadata.put("remainingItemCount", page.remaining());
        }
        return new Response(200, list);
    }

    private List<WatchEvent> present(Watch.Terms terms, boolean closingBookmark) {
        List<WatchEvent> events = new ArrayList<>();
        for (ObjectNode object : storage.table(terms.type()).objects(terms.namespace())) {
            if (terms.selects().test(object)) {
                events.add(new WatchEvent(WatchEvent.Type.ADDED, object));
            }
        }
        if (closingBookmark) {
            events.add(Watch.bookmark(terms.type(), storage.version(), true));
        }
        return events;
    }

    private Predicate<ObjectNode> selector(Target target, Query query) {
        TypeRules typeRules = rules.get(target.type());
        if (typeRules == null) {
            throw Failure.noSuchResource();
        }
        LabelSelector labels = LabelSelector.parse(query.text(LABELS));
        Predicate<ObjectNode> selects = labels::matches;
        for (FieldSelector.Requirement requirement :
                FieldSelector.parse(query.text(FIELDS)).requirements()) {
            if (!typeRules.isSelectable(requirement.field())) {
                throw Failure.badRequest(typeRules.notSelectable(requirement.field()));
            }
            Function<ObjectNode, String> value = typeRules.selectable(requirement.field());
            selects = selects.and(object -> requirement.holds(value.apply(object)));
        }
        return selects;
    }

    /** The version a query names, 0 where it names none; 504 where it is still to come. */
    private long versionOf(Query query) {
        String text = query.text(VERSION);
        long version = text == null ? 0 : parse(text);
        if (version > storage.version()) {
            throw Failure.versionTooLarge(version, storage.version());
        }
        return version;
    }

    private static long parse(String version) {
        try {
            return Long.parseUnsignedLong(version);
        } catch (NumberFormatException notANumber) {
            throw Failure.badRequest(
                    "invalid resource version: resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
                            .formatted(version, version));
        }
    }

    /** The same mistake is the server's own fault here, says the API. */
    private static long parseForWatch(String version) {
        try {
            return parse(version);
        } catch (Failure wrong) {
            throw Failure.internal(
                    "resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
                            .formatted(version, version));
        }
    }

    private static void validateListQuery(Query query) {
        query.number("timeoutSeconds");
        Causes causes = new Causes();
        String match = query.text(MATCH);
        if (match != null) {
            if (query.text(VERSION) == null) {
                causes.forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            if (query.text(CONTINUE) != null) {
                causes.forbidden(MATCH, NOT_WITH_CONTINUE);
            }
            if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
                causes.notSupported(MATCH, match, List.of("Exact", "NotOlderThan", ""));
            }
            if (match.equals("Exact") && "0".equals(query.text(VERSION))) {
                causes.forbidden(MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if (query.isGiven("sendInitialEvents")) {
            causes.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
        causes.throwIfAny(LIST_OPTIONS, null);
    }

    private static void validateWatchQuery(Query query) {
        Causes causes = new Causes();
        String match = query.text(MATCH);
        boolean initial = query.isGiven("sendInitialEvents");
        if (initial && !"NotOlderThan".equals(match)) {
            causes.forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (match != null && !initial) {
            causes.forbidden(MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        if (match != null && !match.equals("NotOlderThan")) {
            causes.notSupported(MATCH, match, List.of("NotOlderThan"));
        }
        if (query.text(CONTINUE) != null) {
            causes.forbidden(MATCH, NOT_WITH_CONTINUE);
        }
        causes.throwIfAny(LIST_OPTIONS, null);
    }

    private static String nameOf(Target target) {
        return Objects.requireNonNull(target.name(), "A request to read one object names it.");
    }

    private static ObjectNode withoutKind(ObjectNode object) {
        ObjectNode bare = Trees.thaw(object);
        bare.remove(List.of("kind", "apiVersion"));
        return Trees.freeze(bare);
    }
}
