package dev.spillway.core.stock;

import dev.spillway.core.model.Closure;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all pods together know about offers: open, sold out until, or probing; and about regions: answering or not. It
 * decides whether an offer is worth asking now. Learns from answers alone, and from what of ours has ended; to be asked changes nothing.
 * Reads no clock: each instant is the caller's. Not thread-safe; owned by the engine's thread.
 *
 * <p>Times: sold out for 15 s, doubled at each refusal to 3 min, spread by 20 %. What is not
 * stock has times of its own, chosen here: not offered 10 min; quota 1 min doubled to 10 min; throttled as long as the
 * region says; unauthorised 1 min; unavailable and silent 5 s doubled to 1 min.
 */
public final class StockPicture {
    private static final Duration NOT_OFFERED = Duration.ofMinutes(10);
    private static final Doubling QUOTA = new Doubling(Duration.ofMinutes(1), Duration.ofMinutes(10));
    private static final Duration UNAUTHORISED = Duration.ofMinutes(1);
    private static final Doubling OUTAGE = new Doubling(Duration.ofSeconds(5), Duration.ofMinutes(1));
    private static final int REGION_WINDOW = 1024;

    private final StockSettings settings;
    private final TreeMap<Offer, CircuitBreaker> offers = new TreeMap<>();
    private final TreeMap<RegionId, CircuitBreaker> regions = new TreeMap<>();
    private final TreeMap<Offer, Wave> waves = new TreeMap<>(); // only of offers that are being asked for
    private final CircuitBreaker offerNeverAsked;
    private final CircuitBreaker regionNeverAsked;

    /** A picture with nothing on it. */
    public StockPicture(StockSettings settings) {
        this.settings = settings;
        this.offerNeverAsked = new CircuitBreaker(settings.firstWindow());
        this.regionNeverAsked = new CircuitBreaker(REGION_WINDOW);
    }

    /**
     * Marks a request in flight, to be handed back once: with its answer, or when there will be none.
     *
     * @param offer asked for
     * @param priority of its pod
     * @param offerEpoch the present of the offer when it left; an answer from before a closure says nothing after it
     * @param regionEpoch the same of its region
     * @param endsBefore how many instances of the offer had ended when it left
     */
    public record Ticket(Offer offer, int priority, long offerEpoch, long regionEpoch, long endsBefore) {}

    /** What a refusal closed: an offer, its whole region, or nothing (it concerns the one request only). */
    public enum Scope {
        OFFER,
        REGION,
        REQUEST
    }

    /** Whether the offer may be asked now; its region comes first. */
    public Availability availability(Offer offer, Instant now) {
        var region = availability(offer.region(), now);
        return region instanceof Availability.Ask ? known(offer).availability(now) : region;
    }

    /**
     * The same for a pod of this priority: while one of a higher priority is being asked for, it is not asked for beside it, for a
     * region may serve what is under way in any order. That ends after 30 s without a pause in the requests of higher priority.
     */
    public Availability availability(Offer offer, int priority, Instant now) {
        var availability = availability(offer, now);
        var wave = waves.get(offer);
        boolean keepsBack = wave != null && wave.keepsBack(priority, now);
        return keepsBack && availability instanceof Availability.Ask
                ? known(offer).besideThoseAsking()
                : availability;
    }

    /** Whether the region answers, as far as known. */
    public Availability availability(RegionId region, Instant now) {
        return known(region).availability(now);
    }

    /** A request for the offer leaves now, for a pod of this priority. */
    public Ticket asked(Offer offer, int priority, Instant now) {
        waves.computeIfAbsent(offer, o -> new Wave()).asked(priority, now);
        var breaker = offer(offer);
        return new Ticket(
                offer, priority, breaker.asked(), region(offer.region()).asked(), breaker.ends());
    }

    private void answered(Ticket ticket) {
        var wave = waves.get(ticket.offer);
        if (wave != null && wave.answered(ticket.priority)) {
            waves.remove(ticket.offer);
        }
    }

    /** The request was accepted. */
    public void accepted(Ticket ticket, Instant now) {
        answered(ticket);
        offer(ticket.offer).succeeded(ticket.offerEpoch, now);
        region(ticket.offer.region()).succeeded(ticket.regionEpoch, now);
    }

    /** The request ended in a way that says nothing about stock; the region did answer. */
    public void released(Ticket ticket, Instant now) {
        answered(ticket);
        offer(ticket.offer).released(ticket.offerEpoch);
        region(ticket.offer.region()).succeeded(ticket.regionEpoch, now);
    }

    /** The request was refused; returns what that closed. */
    public Scope refused(Ticket ticket, Refusal refusal, Instant now) {
        var offer = ticket.offer;
        return switch (refusal) {
            case Refusal.OutOfStock r -> closeOffer(ticket, Closure.SOLD_OUT, r.message(), now, soldOut(offer));
            case Refusal.NotOffered r -> closeOffer(ticket, Closure.NOT_OFFERED, r.message(), now, n -> NOT_OFFERED);
            case Refusal.QuotaReached r -> closeOffer(ticket, Closure.QUOTA, r.message(), now, QUOTA::at);
            case Refusal.Throttled r -> closeRegion(ticket, Closure.THROTTLED, r.message(), now, n -> r.retryAfter());
            case Refusal.Unauthorised r ->
                closeRegion(ticket, Closure.UNAUTHORISED, r.message(), now, n -> UNAUTHORISED);
            case Refusal.Unavailable r -> closeRegion(ticket, Closure.UNAVAILABLE, r.message(), now, OUTAGE::at);
            case Refusal.Invalid r -> {
                released(ticket, now);
                yield Scope.REQUEST;
            }
            case Refusal.Unprepared r -> {
                neverSent(ticket);
                yield Scope.REQUEST;
            }
        };
    }

    /** Nothing was asked of the region after all, so this says nothing about it; where the request was to probe, another one may. */
    private void neverSent(Ticket ticket) {
        answered(ticket);
        offer(ticket.offer).released(ticket.offerEpoch);
        region(ticket.offer.region()).released(ticket.regionEpoch);
    }

    /** The request got no answer that can be trusted. */
    public void silent(Ticket ticket, String why, Instant now) {
        closeRegion(ticket, Closure.SILENT, why, now, OUTAGE::at);
    }

    /**
     * The region answered something else than a request for an instance. Where silence or the like had closed it and its time is over,
     * it is open again, and lets in as little as a probe would; else only the next pod would find out.
     */
    public void heard(RegionId region, Instant now) {
        region(region).heard(now);
    }

    /** An instance of the offer failed for want of stock after it was accepted: as good as a refusal now. */
    public void failedLater(Offer offer, String message, Instant now) {
        offer(offer)
                .close(Closure.SOLD_OUT, message, now, now.plus(soldOut(offer).after(1)));
    }

    /**
     * An instance of ours was there and is gone for certain: so much of the offer is free now, unless somebody else takes it. As many
     * requests may try that at once. False where the offer was not closed for want of stock or quota.
     */
    public boolean freed(Offer offer) {
        return offer(offer).freed();
    }

    /**
     * The region's declaration changed: what it refused before may be right now, so closed offers are as never asked. Whether
     * the region itself answers has to be tried by one request.
     */
    public void reconsider(RegionId region) {
        region(region).reopen();
        for (var entry : offers.entrySet()) {
            if (entry.getKey().region().equals(region) && !entry.getValue().isOpen()) {
                entry.getValue().startAnew(settings.firstWindow());
            }
        }
    }

    /** The region is declared no more: one of the same name, declared later, is another one. */
    public void forget(RegionId region) {
        region(region).startAnew(REGION_WINDOW);
        for (var entry : offers.entrySet()) {
            if (entry.getKey().region().equals(region)) {
                entry.getValue().startAnew(settings.firstWindow());
            }
        }
    }

    /** Whether the region itself keeps requests back: it opens step by step after it was closed, or as many as may be are in flight. */
    public boolean isNarrow(RegionId region) {
        var breaker = known(region);
        return breaker.window() < REGION_WINDOW || breaker.isFull();
    }

    /** Until when the offer or its region is closed, null where neither is; the later of the two. */
    public @Nullable Instant closedUntil(Offer offer, Instant now) {
        var mine = known(offer).closedUntil(now);
        var whole = known(offer.region()).closedUntil(now);
        return mine == null ? whole : whole == null || mine.isAfter(whole) ? mine : whole;
    }

    /** One line for each offer of the region that was ever answered, in order of offer. While the region is closed, its closure is theirs. */
    public List<Line> lines(RegionId region, Instant now) {
        var whole = known(region);
        var lines = new ArrayList<Line>();
        for (var entry : offers.entrySet()) {
            var seen = entry.getValue().observedAt();
            if (seen != null && entry.getKey().region().equals(region)) {
                var breaker = whole.isClosed(now) ? whole : entry.getValue();
                lines.add(new Line(entry.getKey(), breaker.state(now), breaker.closedUntil(now), seen));
            }
        }
        return lines;
    }

    /**
     * What is known of an offer.
     *
     * @param state {@code Open}, {@code Probing} or {@link Closure#code}, as in a Region's status
     * @param until when the closure ends, null where it is not closed
     * @param observedAt when the offer was last accepted or closed
     */
    public record Line(Offer offer, String state, @Nullable Instant until, Instant observedAt) {}

    private Scope closeOffer(Ticket ticket, Closure why, String text, Instant now, CircuitBreaker.Backoff backoff) {
        answered(ticket);
        region(ticket.offer.region()).succeeded(ticket.regionEpoch, now);
        offer(ticket.offer).refused(ticket.offerEpoch, ticket.endsBefore, why, text, now, backoff);
        return Scope.OFFER;
    }

    private Scope closeRegion(Ticket ticket, Closure why, String text, Instant now, CircuitBreaker.Backoff backoff) {
        answered(ticket);
        offer(ticket.offer).released(ticket.offerEpoch);
        region(ticket.offer.region())
                .refused(ticket.regionEpoch, 0, why, text, now, backoff); // a region's breaker knows no ends
        return Scope.REGION;
    }

    private CircuitBreaker.Backoff soldOut(Offer offer) {
        var times = new Doubling(settings.soldOut(), settings.soldOutMost());
        return failures -> {
            var base = times.at(failures);
            int percent = settings.jitterPercent();
            int spread = percent == 0
                    ? 0
                    : Math.floorMod(31 * offer.toString().hashCode() + failures, 2 * percent + 1) - percent;
            return base.plus(base.multipliedBy(spread).dividedBy(100));
        };
    }

    /** To be asked, not told. */
    private CircuitBreaker known(Offer offer) {
        return offers.getOrDefault(offer, offerNeverAsked);
    }

    private CircuitBreaker known(RegionId region) {
        return regions.getOrDefault(region, regionNeverAsked);
    }

    /** To be told. */
    private CircuitBreaker offer(Offer offer) {
        return offers.computeIfAbsent(offer, o -> new CircuitBreaker(settings.firstWindow()));
    }

    private CircuitBreaker region(RegionId region) {
        return regions.computeIfAbsent(region, r -> new CircuitBreaker(REGION_WINDOW));
    }
}
