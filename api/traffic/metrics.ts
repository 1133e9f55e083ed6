import { monitorEventLoopDelay } from 'node:perf_hooks';

/** A request as it is counted. */
export interface CountedRequest {
  route: string;
  method: string;
  status: number;
  ms: number;
}

/** Figures of this process for Prometheus. */
export interface ApiMetrics {
  countRequest(request: CountedRequest): void;
  /** A stream has begun; the answer ends it. */
  openStream(): () => void;
  /** Streams that are open now. */
  countStreams(): number;
  /**
   * The text of `GET /metrics`.
   *
   * @param gauges figures that are asked for at this moment
   */
  render(gauges: readonly Gauge[]): string;
}

export interface Gauge {
  name: string;
  help: string;
  value: number;
}

/** Upper ends, seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  labels: string;
  /** By bucket, not yet summed up. */
  counts: number[];
  count: number;
  sum: number;
}

/**
 * Counts in memory and writes the text format 0.0.4. Written here because the usual library takes 40 ms of every start
 * of an engine, for one counter and one histogram.
 */
export function openMetrics(): ApiMetrics {
  const requests = new Map<string, number>();
  const durations = new Map<string, Series>();
  let streams = 0;
  let delays: ReturnType<typeof monitorEventLoopDelay> | null = null;
  return {
    countRequest({ route, method, status, ms }) {
      const labels = `route="${route}",method="${method}"`;
      const key = `${labels},status="${status}"`;
      requests.set(key, (requests.get(key) ?? 0) + 1);
      const series = durations.get(labels) ?? { labels, counts: BUCKETS.map(() => 0), count: 0, sum: 0 };
      durations.set(labels, series);
      const seconds = ms / 1_000;
      const bucket = BUCKETS.findIndex((end) => seconds <= end);
      if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.count += 1;
      series.sum += seconds;
    },
    openStream() {
      streams += 1;
      let isOpen = true;
      return () => {
        if (isOpen) streams -= 1;
        isOpen = false;
      };
    },
    countStreams: () => streams,
    render(gauges) {
      // Measured from the first scrape on: the timer behind it would wake an engine that nobody watches.
      delays ??= startDelays();
      const memory = process.memoryUsage();
      const cpu = process.cpuUsage();
      const own: Gauge[] = [
        { name: 'buildit_api_streams', help: 'Open event streams.', value: streams },
        {
          name: 'buildit_api_event_loop_lag_seconds',
          help: 'Longest delay of the event loop since the last scrape.',
          value: Math.max(0, delays.max / 1e9 || 0),
        },
        { name: 'process_resident_memory_bytes', help: 'Resident memory.', value: memory.rss },
        { name: 'nodejs_heap_size_used_bytes', help: 'Heap in use.', value: memory.heapUsed },
        {
          name: 'process_start_time_seconds',
          help: 'Start of the process, unix time.',
          value: Math.round(performance.timeOrigin / 1_000),
        },
      ];
      delays.reset();
      return [
        ...renderCounter('buildit_api_requests_total', 'Answers by route and status.', [...requests]),
        ...renderCounter('process_cpu_seconds_total', 'Processor time.', [['', (cpu.user + cpu.system) / 1e6]]),
        ...renderHistogram([...durations.values()]),
        ...[...own, ...gauges].flatMap(({ name, help, value }) => [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} gauge`,
          `${name} ${value}`,
        ]),
        '',
      ].join('\n');
    },
  };
}

function startDelays() {
  const delays = monitorEventLoopDelay({ resolution: 20 });
  delays.enable();
  return delays;
}

function renderCounter(name: string, help: string, series: readonly [labels: string, value: number][]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...series.map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`),
  ];
}

function renderHistogram(series: readonly Series[]): string[] {
  const name = 'buildit_api_request_duration_seconds';
  return [
    `# HELP ${name} Time until an answer begins.`,
    `# TYPE ${name} histogram`,
    ...series.flatMap(({ labels, counts, count, sum }) => {
      let total = 0;
      const buckets = BUCKETS.map((end, index) => {
        total += counts[index] ?? 0;
        return `${name}_bucket{${labels},le="${end}"} ${total}`;
      });
      return [
        ...buckets,
        `${name}_bucket{${labels},le="+Inf"} ${count}`,
        `${name}_sum{${labels}} ${sum}`,
        `${name}_count{${labels}} ${count}`,
      ];
    }),
  ];
}
