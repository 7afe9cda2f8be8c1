package dev.spillway.core.placement;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.region.RegionDirectory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks pods that no unit places: ordinary ones, for real nodes; pinned ones, for one region; and those that somebody else bound. */
final class PodsWithoutUnits {
    private final RegionDirectory regions;
    private final Walker.Facts facts;
    private final SelectorCheck selectors;
    private final StartBarrier start;
    private final ZoneSearch zones;
    private final NodeCheck nodes;

    PodsWithoutUnits(
            RegionDirectory regions,
            Walker.Facts facts,
            SelectorCheck selectors,
            StartBarrier start,
            ZoneSearch zones,
            NodeCheck nodes) {
        this.regions = regions;
        this.facts = facts;
        this.selectors = selectors;
        this.start = start;
        this.zones = zones;
        this.nodes = nodes;
    }

    /** A pod that names our scheduler only: any real node. */
    Walk ordinary(Walker.Subject subject, Instant now) {
        var applicant = Applicant.toNodes(subject, now);
        return switch (nodes.answer(applicant, node -> true)) {
            case UnitAnswer.OnNode(NodeName node) ->
                new Walk.Bind(null, node, Labels.empty(), Labels.empty(), new Explanation(List.of()));
            case UnitAnswer.Declined declined -> {
                var namespace = subject.pod().key().namespace();
                var making = nodes.makeRoom(applicant, node -> true);
                var reasons = new ArrayList<Reason>();
                reasons.add(new PolicyReason.NotSelected(namespace, facts.policiesOf(namespace)));
                reasons.addAll(declined.reasons());
                reasons.addAll(making.reasons());
                var stay = stay(declined, reasons);
                yield making.room() == null ? stay : new Walk.MakeRoom(making.room(), stay);
            }
        };
    }

    /** A pod that pins itself: the region of its label, or the default region. */
    Walk pinned(Walker.Subject subject, Instant now) {
        var applicant = Applicant.toRegion(subject, now);
        var barred = barred(applicant);
        if (barred != null) {
            return Walk.Stay.of(barred);
        }
        var named = applicant.demand().region();
        if (!named.isEmpty() && regions.get(new RegionId(named)) == null) {
            return Walk.Stay.of(new RegionReason.UnknownRegion(named, regions.ids()));
        }
        var byDefault = regions.defaultRegion();
        if (named.isEmpty() && byDefault == null) {
            return Walk.Stay.of(new RegionReason.NoDefaultRegion());
        }
        var no = selectors.against(applicant); // the profile's labels come with the binding too
        if (no != null) {
            return stay(no, no.reasons());
        }
        var region = named.isEmpty() && byDefault != null ? byDefault.id().value() : named;
        return outcome(applicant, zones.answer(applicant, Labels.empty(), region));
    }

    /** A pod that somebody else bound to the node of this zone. */
    Walk bound(Walker.Subject subject, RegionDirectory.Zone zone, Instant now) {
        var applicant = Applicant.toRegion(subject, now);
        var barred = barred(applicant);
        return barred == null ? outcome(applicant, zones.answerOf(zone, applicant)) : Walk.Stay.of(barred);
    }

    private @Nullable Reason barred(Applicant applicant) {
        var barred = applicant.barredFromRegions();
        if (barred != null) {
            return barred;
        }
        var silent = start.silent(applicant.subject());
        return silent.isEmpty() ? null : new RegionReason.TakingOver(silent);
    }

    private static Walk outcome(Applicant applicant, UnitAnswer.OfRegions answer) {
        return switch (answer) {
            case UnitAnswer.Ask(Offer offer) ->
                new Walk.Ask(
                        null,
                        0,
                        0,
                        offer,
                        applicant.demand().labels(),
                        applicant.subject().profile().annotations(),
                        new Explanation(List.of()));
            case UnitAnswer.Declined declined -> stay(declined, declined.reasons());
        };
    }

    private static Walk.Stay stay(UnitAnswer.Declined answer, List<Reason> reasons) {
        return new Walk.Stay(
                new Explanation(List.of(new Explanation.UnitLine(0, "", reasons))),
                answer.gates(),
                answer instanceof UnitAnswer.NotYet,
                Collections.emptySortedMap());
    }
}
