package dev.spillway.specification;

import java.nio.file.Path;
import java.util.List;

/** A tree with everything in it that can cite or be cited. */
record Tree(SourceTree sources, List<Passage> passages, Specification specification) {
    Tree(Path root) {
        this(SourceTree.at(root));
    }

    private Tree(SourceTree sources) {
        this(sources, sources.passages());
    }

    private Tree(SourceTree sources, List<Passage> passages) {
        this(sources, passages, new Specification(sources, passages));
    }
}
