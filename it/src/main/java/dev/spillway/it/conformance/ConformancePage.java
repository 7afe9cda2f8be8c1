package dev.spillway.it.conformance;

/** The page {@code docs/conformance.md}: what became of each spec. */
final class ConformancePage {

    private static final int LONGEST_REASON = 160;

    private ConformancePage() {}

    static String of(Comparison comparison) {
        StringBuilder page = new StringBuilder("""
            # Kubernetes' own tests judge it

            Specs of Kubernetes' end-to-end suite (`k8s.io/kubernetes/test/e2e`, the version of `it/conformance/go.mod`) run twice: directly on a
            cluster with a real node, and through a home cluster without nodes, whose pods Spillway sends to the first. What passes directly has to pass through.

            `make conformance` writes this page from `it/conformance/specs.txt`, which says of each spec that is not run why it is not.

            %d pass both ways, %d pass directly only, %d fail directly, %d are not run.

            | spec | direct | through | reason |
            | --- | --- | --- | --- |
            """.formatted(
                        comparison.count(Comparison.Verdict.PASSED),
                        comparison.failed(),
                        comparison.count(Comparison.Verdict.FAILS_DIRECTLY),
                        comparison.count(Comparison.Verdict.EXCLUDED)));
        for (Comparison.Row row : comparison.rows()) {
            page.append("| %s | %s | %s | %s |\n"
                    .formatted(cell(row.spec()), row.directly(), row.through(), cell(reason(row))));
        }
        return page.toString();
    }

    private static String reason(Comparison.Row row) {
        return row.reason().length() > LONGEST_REASON
                ? row.reason().substring(0, LONGEST_REASON) + " ..."
                : row.reason();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
    }
}
