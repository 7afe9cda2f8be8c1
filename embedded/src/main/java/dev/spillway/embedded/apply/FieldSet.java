package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of paths, as the tree of their elements. Immutable; parts are shared.
 *
 * <p>Every node of the tree is such a set: of the paths below it, and of the empty path where the node itself is a member.
 * Rules: structured-merge-diff {@code fieldpath/set.go}; JSON: {@code fieldpath/serialize.go}.
 */
final class FieldSet {

    /** No path. */
    static final FieldSet NONE = new FieldSet(false, new TreeMap<>());

    /** The empty path alone: a leaf. */
    static final FieldSet SELF = new FieldSet(true, new TreeMap<>());

    private static final String SELF_KEY = ".";

    private final boolean member;
    private final SortedMap<PathElement, FieldSet> below;
    private final int hash;

    private FieldSet(boolean member, SortedMap<PathElement, FieldSet> below) {
        this.member = member;
        this.below = Collections.unmodifiableSortedMap(below);
        this.hash = 31 * below.hashCode() + Boolean.hashCode(member);
    }

    /** A set of these; empty sets below are left out. The map becomes this set's own. */
    static FieldSet of(boolean member, SortedMap<PathElement, FieldSet> below) {
        below.values().removeIf(FieldSet::isEmpty);
        if (below.isEmpty()) {
            return member ? SELF : NONE;
        }
        return new FieldSet(member, below);
    }

    /** The set of one path of fields, such as {@code metadata, labels}. */
    static FieldSet path(String... fields) {
        FieldSet set = SELF;
        for (String field : List.of(fields).reversed()) {
            SortedMap<PathElement, FieldSet> below = new TreeMap<>();
            below.put(new PathElement.Field(field), set);
            set = of(false, below);
        }
        return set;
    }

    boolean isEmpty() {
        return !member && below.isEmpty();
    }

    /** Whether the empty path is in the set. */
    boolean isMember() {
        return member;
    }

    /** The paths that begin with an element, without it. */
    FieldSet below(PathElement element) {
        return below.getOrDefault(element, NONE);
    }

    SortedMap<PathElement, FieldSet> below() {
        return below;
    }

    FieldSet union(FieldSet other) {
        if (isEmpty() || equals(other)) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        SortedMap<PathElement, FieldSet> all = new TreeMap<>(below);
        other.below.forEach((element, set) -> all.merge(element, set, FieldSet::union));
        return of(member || other.member, all);
    }

    /** The paths of this set that are not in the other one; what is below them stays. */
    FieldSet difference(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        SortedMap<PathElement, FieldSet> rest = new TreeMap<>(below);
        rest.replaceAll((element, set) -> set.difference(other.below(element)));
        return of(member && !other.member, rest);
    }

    /** The paths of this set that neither are in the other one nor below one of its paths. */
    FieldSet without(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        if (other.member) {
            return NONE;
        }
        SortedMap<PathElement, FieldSet> rest = new TreeMap<>(below);
        rest.replaceAll((element, set) -> set.without(other.below(element)));
        return of(member, rest);
    }

    FieldSet intersection(FieldSet other) {
        SortedMap<PathElement, FieldSet> common = new TreeMap<>();
        below.forEach((element, set) -> common.put(element, set.intersection(other.below(element))));
        return of(member && other.member, common);
    }

    /** The same, and every field that the type declares by name on the way to a path of it. */
    FieldSet withNamedFields(FieldType type) {
        SortedMap<PathElement, FieldSet> all = new TreeMap<>();
        below.forEach((element, set) -> {
            FieldSet deeper = set.withNamedFields(type.at(element));
            boolean named = element instanceof PathElement.Field(String name) && type.declares(name);
            all.put(element, named && !set.below.isEmpty() ? deeper.union(SELF) : deeper);
        });
        return of(member, all);
    }

    /** The paths in order, as messages show them: {@code .spec.containers[name="c"].image}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        addPaths("", paths);
        return paths;
    }

    private void addPaths(String prefix, List<String> paths) {
        // A set's own members come before what is deeper.
        below.forEach((element, set) -> {
            if (set.member) {
                paths.add(prefix + element.shown());
            }
        });
        below.forEach((element, set) -> set.addPaths(prefix + element.shown(), paths));
    }

    /** As fieldsV1; frozen. */
    ObjectNode json() {
        return Trees.freeze(changeableJson());
    }

    private ObjectNode changeableJson() {
        ObjectNode json = Trees.object();
        if (member && !below.isEmpty()) {
            json.set(SELF_KEY, Trees.object());
        }
        below.forEach((element, set) -> json.set(element.text(), set.changeableJson()));
        return json;
    }

    /** Reads fieldsV1; null where it is none. */
    static @Nullable FieldSet parse(JsonNode json) {
        SortedMap<PathElement, FieldSet> below = new TreeMap<>();
        boolean member = false;
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (field.getKey().equals(SELF_KEY)) {
                member = true;
                continue;
            }
            PathElement element = PathElement.parse(field.getKey());
            FieldSet set = element == null || !field.getValue().isObject() ? null : parse(field.getValue());
            if (element == null || set == null) {
                return null;
            }
            below.put(element, field.getValue().isEmpty() ? SELF : set);
        }
        return of(member, below);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof FieldSet set
                        && hash == set.hash
                        && member == set.member
                        && below.equals(set.below));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return json().toString();
    }
}
