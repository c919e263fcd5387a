const NAMES = `
any_value approx_count_distinct approx_distinct approx_percentile approx_quantile approx_top_k approx_top_k_agg
arbitrary arg_max arg_max_null arg_min arg_min_null argmax argmin array_agg array_union_agg avg bit_and bit_or
bit_xor bitstring_agg bool_and bool_or collect_list collect_set corr count count_distinct count_if count_star
countif covar_pop covar_samp entropy every favg first first_value fsum geometric_mean geomean group_concat grouping
histogram hll_count_distinct hll_sketch_agg json_agg json_group_array json_group_object json_object_agg kahan_sum
kurtosis kurtosis_pop last last_value list listagg mad map_agg max max_by mean median min min_by mode nth_value
object_agg percentile percentile_approx percentile_cont percentile_disc product quantile quantile_cont
quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
reservoir_quantile sem skewness some stddev stddev_pop stddev_samp string_agg sum sum_no_overflow sumkahan try_avg
try_sum var_pop var_samp variance weighted_avg xmlagg
`;

const WINDOW_ONLY = "cume_dist dense_rank fill lag lead ntile percent_rank rank rank_dense row_number";

const AGGREGATES: ReadonlySet<string> = new Set(`${NAMES} ${WINDOW_ONLY}`.trim().split(/\s+/));

/** Whether a function, given in lower case, combines several rows rather than computing from one. */
export const isAggregate = (name: string): boolean => AGGREGATES.has(name);
