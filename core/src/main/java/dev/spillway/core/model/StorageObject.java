package dev.spillway.core.model;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What Kubernetes says of storage, as far as it decides which node takes a pod. */
public sealed interface StorageObject {
    /** Which object it is. */
    Id id();

    /** The kinds there are. */
    enum Kind {
        CLAIM,
        VOLUME,
        STORAGE_CLASS,
        CSI_NODE
    }

    /** Names one object; the namespace is empty where the kind has none. */
    record Id(Kind kind, String namespace, String name) implements Comparable<Id> {
        private static final Comparator<Id> ORDER =
                Comparator.comparing(Id::kind).thenComparing(Id::namespace).thenComparing(Id::name);

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }
    }

    /** What a claim asks for and a volume has. {@code accessModes} as Kubernetes spells them; {@code attributes}: class of attributes. */
    record Terms(String storageClass, long bytes, Set<String> accessModes, String mode, String attributes) {
        public Terms {
            accessModes = Collections.unmodifiableSet(new TreeSet<>(accessModes));
        }
    }

    /**
     * A PersistentVolumeClaim.
     *
     * @param owner UID of its controller, empty where there is none
     * @param volume its volume, empty where it has none
     * @param bound whether that binding is complete
     * @param selectedNode where a volume is being made for it, empty where none is
     */
    record Claim(
            String namespace,
            String name,
            String uid,
            String owner,
            Terms terms,
            LabelSelector selector,
            String volume,
            boolean bound,
            String selectedNode,
            boolean lost,
            boolean deleting)
            implements StorageObject {
        @Override
        public Id id() {
            return new Id(Kind.CLAIM, namespace, name);
        }

        /** The same with a volume being made for it that the node reaches. */
        public Claim selecting(NodeName node) {
            return new Claim(namespace, name, uid, owner, terms, selector, volume, bound, node.value(), lost, deleting);
        }
    }

    /**
     * A PersistentVolume.
     *
     * @param nodeTerms nodes that reach it, null where all do
     * @param claim the claim it is bound to or reserved for, empty name where there is none
     * @param driver CSI driver, empty where it is of another kind
     */
    record Volume(
            String name,
            Labels labels,
            Terms terms,
            @Nullable List<List<NodeRequirement>> nodeTerms,
            ClaimRef claim,
            boolean available,
            boolean deleting,
            String driver,
            String handle)
            implements StorageObject {
        @Override
        public Id id() {
            return new Id(Kind.VOLUME, "", name);
        }

        /** The same, reserved for a claim. */
        public Volume reservedFor(ClaimRef by) {
            return new Volume(name, labels, terms, nodeTerms, by, available, deleting, driver, handle);
        }
    }

    /** The claim that a volume names; {@code uid} is empty where anyone reserved it by name. */
    record ClaimRef(String namespace, String name, String uid) {
        /** No claim. */
        public static final ClaimRef NONE = new ClaimRef("", "", "");
    }

    /** A StorageClass. {@code topologies}: one of them must hold, empty for anywhere; in each, the node's label must have one of the values. */
    record StorageClass(
            String name, String provisioner, boolean waitsForConsumer, List<Map<String, Set<String>>> topologies)
            implements StorageObject {
        public StorageClass {
            topologies = List.copyOf(topologies);
        }

        @Override
        public Id id() {
            return new Id(Kind.STORAGE_CLASS, "", name);
        }
    }

    /** A CSINode. {@code limits}: how many volumes the node can attach, by driver; no entry, no limit. */
    record CsiNode(NodeName node, SortedMap<String, Integer> limits) implements StorageObject {
        public CsiNode {
            limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
        }

        @Override
        public Id id() {
            return new Id(Kind.CSI_NODE, "", node.value());
        }
    }
}
