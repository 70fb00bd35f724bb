--
-- PostgreSQL database dump
--

\restrict Adea8czdeHbcFrOHSHvucim5AYIfoXKTDVtkUbBczQ18QnInUTbUt9LUKrF6VkH

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: shop; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA shop;


ALTER SCHEMA shop OWNER TO postgres;

--
-- Name: address; Type: TYPE; Schema: shop; Owner: postgres
--

CREATE TYPE shop.address AS (
	street text,
	zip character(5)
);


ALTER TYPE shop.address OWNER TO postgres;

--
-- Name: mood; Type: TYPE; Schema: shop; Owner: postgres
--

CREATE TYPE shop.mood AS ENUM (
    'sad',
    'ok',
    'happy'
);


ALTER TYPE shop.mood OWNER TO postgres;

--
-- Name: positive; Type: DOMAIN; Schema: shop; Owner: postgres
--

CREATE DOMAIN shop.positive AS integer
	CONSTRAINT positive_check CHECK ((VALUE > 0));


ALTER DOMAIN shop.positive OWNER TO postgres;

--
-- Name: discount(numeric, integer); Type: FUNCTION; Schema: shop; Owner: postgres
--

CREATE FUNCTION shop.discount(price numeric, percent integer DEFAULT 10) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT price * (100 - percent) / 100 $$;


ALTER FUNCTION shop.discount(price numeric, percent integer) OWNER TO postgres;

--
-- Name: FUNCTION discount(price numeric, percent integer); Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON FUNCTION shop.discount(price numeric, percent integer) IS 'price less percent';


--
-- Name: restock(text, integer); Type: PROCEDURE; Schema: shop; Owner: postgres
--

CREATE PROCEDURE shop.restock(IN c text, IN n integer)
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE shop.product SET stock = stock + n WHERE code = c; END $$;


ALTER PROCEDURE shop.restock(IN c text, IN n integer) OWNER TO postgres;

--
-- Name: touch(); Type: FUNCTION; Schema: shop; Owner: postgres
--

CREATE FUNCTION shop.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.name := btrim(NEW.name);
  RETURN NEW;
END $$;


ALTER FUNCTION shop.touch() OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: pgbench_accounts; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.pgbench_accounts (
    aid integer NOT NULL,
    bid integer,
    abalance integer,
    filler character(84)
)
WITH (fillfactor='100');


ALTER TABLE public.pgbench_accounts OWNER TO postgres;

--
-- Name: pgbench_branches; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.pgbench_branches (
    bid integer NOT NULL,
    bbalance integer,
    filler character(88)
)
WITH (fillfactor='100');


ALTER TABLE public.pgbench_branches OWNER TO postgres;

--
-- Name: pgbench_history; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.pgbench_history (
    tid integer,
    bid integer,
    aid integer,
    delta integer,
    mtime timestamp without time zone,
    filler character(22)
);


ALTER TABLE public.pgbench_history OWNER TO postgres;

--
-- Name: pgbench_tellers; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.pgbench_tellers (
    tid integer NOT NULL,
    bid integer,
    tbalance integer,
    filler character(84)
)
WITH (fillfactor='100');


ALTER TABLE public.pgbench_tellers OWNER TO postgres;

--
-- Name: customer; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.customer (
    id integer NOT NULL,
    name character varying(60) NOT NULL,
    email text,
    mood shop.mood DEFAULT 'ok'::shop.mood,
    home shop.address,
    tags text[] DEFAULT '{}'::text[],
    extra jsonb,
    born date,
    seen timestamp with time zone DEFAULT '2024-01-01 00:00:00+00'::timestamp with time zone,
    token uuid,
    photo bytea,
    CONSTRAINT name_not_blank CHECK ((btrim((name)::text) <> ''::text))
);


ALTER TABLE shop.customer OWNER TO postgres;

--
-- Name: TABLE customer; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON TABLE shop.customer IS 'who buys; it''s all there';


--
-- Name: COLUMN customer.home; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON COLUMN shop.customer.home IS 'where';


--
-- Name: best; Type: MATERIALIZED VIEW; Schema: shop; Owner: postgres
--

CREATE MATERIALIZED VIEW shop.best AS
 SELECT customer.name
   FROM shop.customer
  WHERE (customer.mood = 'happy'::shop.mood)
  WITH NO DATA;


ALTER TABLE shop.best OWNER TO postgres;

--
-- Name: customer_id_seq; Type: SEQUENCE; Schema: shop; Owner: postgres
--

ALTER TABLE shop.customer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME shop.customer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: measure; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.measure (
    day date NOT NULL,
    v integer
)
PARTITION BY RANGE (day);


ALTER TABLE shop.measure OWNER TO postgres;

--
-- Name: measure_2023; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.measure_2023 (
    day date NOT NULL,
    v integer
);


ALTER TABLE shop.measure_2023 OWNER TO postgres;

--
-- Name: measure_rest; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.measure_rest (
    day date NOT NULL,
    v integer
);


ALTER TABLE shop.measure_rest OWNER TO postgres;

--
-- Name: orders; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.orders (
    id bigint NOT NULL,
    customer_id integer NOT NULL,
    code text,
    variant smallint,
    quantity shop.positive DEFAULT 1,
    at timestamp without time zone NOT NULL
);


ALTER TABLE shop.orders OWNER TO postgres;

--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: shop; Owner: postgres
--

CREATE SEQUENCE shop.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE shop.orders_id_seq OWNER TO postgres;

--
-- Name: orders_id_seq; Type: SEQUENCE OWNED BY; Schema: shop; Owner: postgres
--

ALTER SEQUENCE shop.orders_id_seq OWNED BY shop.orders.id;


--
-- Name: product; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.product (
    code text NOT NULL,
    variant smallint NOT NULL,
    price numeric(10,2) NOT NULL,
    stock shop.positive,
    span interval,
    weight double precision,
    active boolean DEFAULT true,
    label text GENERATED ALWAYS AS (((code || '/'::text) || variant)) STORED
);


ALTER TABLE shop.product OWNER TO postgres;

--
-- Name: secret; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.secret (
    owner name,
    note text
);


ALTER TABLE shop.secret OWNER TO postgres;

--
-- Name: spending; Type: VIEW; Schema: shop; Owner: postgres
--

CREATE VIEW shop.spending AS
 SELECT c.name,
    sum((p.price * (o.quantity)::numeric)) AS total
   FROM ((shop.customer c
     JOIN shop.orders o ON ((o.customer_id = c.id)))
     JOIN shop.product p ON (((p.code = o.code) AND (p.variant = o.variant))))
  GROUP BY c.name;


ALTER TABLE shop.spending OWNER TO postgres;

--
-- Name: ticket; Type: SEQUENCE; Schema: shop; Owner: postgres
--

CREATE SEQUENCE shop.ticket
    START WITH 1000
    INCREMENT BY 5
    NO MINVALUE
    MAXVALUE 100000
    CACHE 1
    CYCLE;


ALTER TABLE shop.ticket OWNER TO postgres;

--
-- Name: measure_2023; Type: TABLE ATTACH; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.measure ATTACH PARTITION shop.measure_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');


--
-- Name: measure_rest; Type: TABLE ATTACH; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.measure ATTACH PARTITION shop.measure_rest DEFAULT;


--
-- Name: orders id; Type: DEFAULT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders ALTER COLUMN id SET DEFAULT nextval('shop.orders_id_seq'::regclass);


--
-- Data for Name: pgbench_accounts; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.pgbench_accounts (aid, bid, abalance, filler) FROM stdin;
1	1	0	                                                                                    
2	1	0	                                                                                    
3	1	0	                                                                                    
5	1	0	                                                                                    
7	1	0	                                                                                    
8	1	0	                                                                                    
9	1	0	                                                                                    
10	1	0	                                                                                    
11	1	0	                                                                                    
12	1	0	                                                                                    
13	1	0	                                                                                    
14	1	0	                                                                                    
15	1	0	                                                                                    
16	1	0	                                                                                    
17	1	0	                                                                                    
18	1	0	                                                                                    
19	1	0	                                                                                    
20	1	0	                                                                                    
22	1	0	                                                                                    
23	1	0	                                                                                    
24	1	0	                                                                                    
25	1	0	                                                                                    
26	1	0	                                                                                    
27	1	0	                                                                                    
28	1	0	                                                                                    
29	1	0	                                                                                    
30	1	0	                                                                                    
32	1	0	                                                                                    
33	1	0	                                                                                    
36	1	0	                                                                                    
37	1	0	                                                                                    
38	1	0	                                                                                    
39	1	0	                                                                                    
40	1	0	                                                                                    
41	1	0	                                                                                    
42	1	0	                                                                                    
43	1	0	                                                                                    
44	1	0	                                                                                    
45	1	0	                                                                                    
46	1	0	                                                                                    
49	1	0	                                                                                    
50	1	0	                                                                                    
51	1	0	                                                                                    
54	1	0	                                                                                    
56	1	0	                                                                                    
57	1	0	                                                                                    
58	1	0	                                                                                    
59	1	0	                                                                                    
60	1	0	                                                                                    
61	1	0	                                                                                    
53	1	-2753	                                                                                    
34	1	-1690	                                                                                    
21	1	-2053	                                                                                    
31	1	4414	                                                                                    
35	1	981	                                                                                    
4	1	-3224	                                                                                    
47	1	4087	                                                                                    
55	1	-4548	                                                                                    
48	1	-4952	                                                                                    
52	1	4175	                                                                                    
62	1	0	                                                                                    
63	1	0	                                                                                    
64	1	0	                                                                                    
65	1	0	                                                                                    
66	1	0	                                                                                    
67	1	0	                                                                                    
68	1	0	                                                                                    
69	1	0	                                                                                    
70	1	0	                                                                                    
72	1	0	                                                                                    
73	1	0	                                                                                    
74	1	0	                                                                                    
75	1	0	                                                                                    
77	1	0	                                                                                    
79	1	0	                                                                                    
80	1	0	                                                                                    
81	1	0	                                                                                    
82	1	0	                                                                                    
83	1	0	                                                                                    
84	1	0	                                                                                    
85	1	0	                                                                                    
86	1	0	                                                                                    
88	1	0	                                                                                    
89	1	0	                                                                                    
91	1	0	                                                                                    
92	1	0	                                                                                    
93	1	0	                                                                                    
95	1	0	                                                                                    
96	1	0	                                                                                    
97	1	0	                                                                                    
99	1	0	                                                                                    
100	1	0	                                                                                    
101	1	0	                                                                                    
103	1	0	                                                                                    
104	1	0	                                                                                    
105	1	0	                                                                                    
106	1	0	                                                                                    
107	1	0	                                                                                    
110	1	0	                                                                                    
111	1	0	                                                                                    
112	1	0	                                                                                    
113	1	0	                                                                                    
114	1	0	                                                                                    
116	1	0	                                                                                    
117	1	0	                                                                                    
118	1	0	                                                                                    
119	1	0	                                                                                    
120	1	0	                                                                                    
121	1	0	                                                                                    
122	1	0	                                                                                    
71	1	-2446	                                                                                    
109	1	-2537	                                                                                    
115	1	-962	                                                                                    
78	1	1430	                                                                                    
90	1	2489	                                                                                    
94	1	194	                                                                                    
87	1	3032	                                                                                    
98	1	-3689	                                                                                    
108	1	4964	                                                                                    
123	1	0	                                                                                    
124	1	0	                                                                                    
125	1	0	                                                                                    
126	1	0	                                                                                    
127	1	0	                                                                                    
128	1	0	                                                                                    
129	1	0	                                                                                    
130	1	0	                                                                                    
131	1	0	                                                                                    
132	1	0	                                                                                    
133	1	0	                                                                                    
134	1	0	                                                                                    
135	1	0	                                                                                    
136	1	0	                                                                                    
137	1	0	                                                                                    
138	1	0	                                                                                    
141	1	0	                                                                                    
142	1	0	                                                                                    
143	1	0	                                                                                    
145	1	0	                                                                                    
146	1	0	                                                                                    
147	1	0	                                                                                    
148	1	0	                                                                                    
149	1	0	                                                                                    
150	1	0	                                                                                    
151	1	0	                                                                                    
152	1	0	                                                                                    
153	1	0	                                                                                    
154	1	0	                                                                                    
156	1	0	                                                                                    
157	1	0	                                                                                    
158	1	0	                                                                                    
159	1	0	                                                                                    
160	1	0	                                                                                    
162	1	0	                                                                                    
163	1	0	                                                                                    
164	1	0	                                                                                    
165	1	0	                                                                                    
166	1	0	                                                                                    
168	1	0	                                                                                    
169	1	0	                                                                                    
170	1	0	                                                                                    
171	1	0	                                                                                    
172	1	0	                                                                                    
173	1	0	                                                                                    
174	1	0	                                                                                    
175	1	0	                                                                                    
176	1	0	                                                                                    
177	1	0	                                                                                    
178	1	0	                                                                                    
179	1	0	                                                                                    
181	1	0	                                                                                    
182	1	0	                                                                                    
183	1	0	                                                                                    
180	1	-1210	                                                                                    
155	1	-2332	                                                                                    
139	1	3	                                                                                    
144	1	-602	                                                                                    
161	1	-898	                                                                                    
167	1	3344	                                                                                    
184	1	0	                                                                                    
185	1	0	                                                                                    
186	1	0	                                                                                    
187	1	0	                                                                                    
188	1	0	                                                                                    
189	1	0	                                                                                    
190	1	0	                                                                                    
191	1	0	                                                                                    
192	1	0	                                                                                    
193	1	0	                                                                                    
194	1	0	                                                                                    
195	1	0	                                                                                    
196	1	0	                                                                                    
197	1	0	                                                                                    
199	1	0	                                                                                    
200	1	0	                                                                                    
201	1	0	                                                                                    
202	1	0	                                                                                    
204	1	0	                                                                                    
205	1	0	                                                                                    
206	1	0	                                                                                    
207	1	0	                                                                                    
208	1	0	                                                                                    
209	1	0	                                                                                    
210	1	0	                                                                                    
211	1	0	                                                                                    
212	1	0	                                                                                    
213	1	0	                                                                                    
214	1	0	                                                                                    
215	1	0	                                                                                    
216	1	0	                                                                                    
217	1	0	                                                                                    
218	1	0	                                                                                    
219	1	0	                                                                                    
220	1	0	                                                                                    
221	1	0	                                                                                    
222	1	0	                                                                                    
224	1	0	                                                                                    
225	1	0	                                                                                    
226	1	0	                                                                                    
227	1	0	                                                                                    
228	1	0	                                                                                    
229	1	0	                                                                                    
230	1	0	                                                                                    
231	1	0	                                                                                    
232	1	0	                                                                                    
233	1	0	                                                                                    
234	1	0	                                                                                    
235	1	0	                                                                                    
236	1	0	                                                                                    
237	1	0	                                                                                    
238	1	0	                                                                                    
239	1	0	                                                                                    
240	1	0	                                                                                    
241	1	0	                                                                                    
242	1	0	                                                                                    
243	1	0	                                                                                    
244	1	0	                                                                                    
198	1	712	                                                                                    
223	1	-1987	                                                                                    
245	1	0	                                                                                    
246	1	0	                                                                                    
247	1	0	                                                                                    
248	1	0	                                                                                    
249	1	0	                                                                                    
250	1	0	                                                                                    
251	1	0	                                                                                    
252	1	0	                                                                                    
254	1	0	                                                                                    
255	1	0	                                                                                    
256	1	0	                                                                                    
257	1	0	                                                                                    
258	1	0	                                                                                    
259	1	0	                                                                                    
260	1	0	                                                                                    
263	1	0	                                                                                    
264	1	0	                                                                                    
265	1	0	                                                                                    
266	1	0	                                                                                    
267	1	0	                                                                                    
268	1	0	                                                                                    
270	1	0	                                                                                    
271	1	0	                                                                                    
272	1	0	                                                                                    
273	1	0	                                                                                    
274	1	0	                                                                                    
276	1	0	                                                                                    
277	1	0	                                                                                    
278	1	0	                                                                                    
280	1	0	                                                                                    
281	1	0	                                                                                    
282	1	0	                                                                                    
283	1	0	                                                                                    
284	1	0	                                                                                    
286	1	0	                                                                                    
287	1	0	                                                                                    
288	1	0	                                                                                    
290	1	0	                                                                                    
291	1	0	                                                                                    
292	1	0	                                                                                    
293	1	0	                                                                                    
294	1	0	                                                                                    
296	1	0	                                                                                    
297	1	0	                                                                                    
298	1	0	                                                                                    
299	1	0	                                                                                    
300	1	0	                                                                                    
301	1	0	                                                                                    
302	1	0	                                                                                    
303	1	0	                                                                                    
304	1	0	                                                                                    
305	1	0	                                                                                    
262	1	-657	                                                                                    
285	1	4416	                                                                                    
289	1	-4437	                                                                                    
269	1	192	                                                                                    
253	1	809	                                                                                    
279	1	2531	                                                                                    
295	1	542	                                                                                    
261	1	2476	                                                                                    
306	1	0	                                                                                    
307	1	0	                                                                                    
308	1	0	                                                                                    
309	1	0	                                                                                    
310	1	0	                                                                                    
311	1	0	                                                                                    
312	1	0	                                                                                    
313	1	0	                                                                                    
314	1	0	                                                                                    
315	1	0	                                                                                    
316	1	0	                                                                                    
317	1	0	                                                                                    
318	1	0	                                                                                    
319	1	0	                                                                                    
320	1	0	                                                                                    
322	1	0	                                                                                    
323	1	0	                                                                                    
324	1	0	                                                                                    
325	1	0	                                                                                    
326	1	0	                                                                                    
327	1	0	                                                                                    
329	1	0	                                                                                    
330	1	0	                                                                                    
334	1	0	                                                                                    
335	1	0	                                                                                    
336	1	0	                                                                                    
337	1	0	                                                                                    
338	1	0	                                                                                    
339	1	0	                                                                                    
340	1	0	                                                                                    
341	1	0	                                                                                    
342	1	0	                                                                                    
343	1	0	                                                                                    
344	1	0	                                                                                    
346	1	0	                                                                                    
347	1	0	                                                                                    
348	1	0	                                                                                    
349	1	0	                                                                                    
350	1	0	                                                                                    
351	1	0	                                                                                    
352	1	0	                                                                                    
353	1	0	                                                                                    
354	1	0	                                                                                    
355	1	0	                                                                                    
356	1	0	                                                                                    
357	1	0	                                                                                    
359	1	0	                                                                                    
360	1	0	                                                                                    
361	1	0	                                                                                    
362	1	0	                                                                                    
363	1	0	                                                                                    
364	1	0	                                                                                    
365	1	0	                                                                                    
366	1	0	                                                                                    
333	1	-545	                                                                                    
321	1	1954	                                                                                    
358	1	1706	                                                                                    
332	1	-48	                                                                                    
328	1	-69	                                                                                    
345	1	2270	                                                                                    
367	1	0	                                                                                    
369	1	0	                                                                                    
370	1	0	                                                                                    
371	1	0	                                                                                    
372	1	0	                                                                                    
373	1	0	                                                                                    
374	1	0	                                                                                    
376	1	0	                                                                                    
377	1	0	                                                                                    
378	1	0	                                                                                    
379	1	0	                                                                                    
380	1	0	                                                                                    
381	1	0	                                                                                    
382	1	0	                                                                                    
383	1	0	                                                                                    
384	1	0	                                                                                    
385	1	0	                                                                                    
386	1	0	                                                                                    
387	1	0	                                                                                    
388	1	0	                                                                                    
389	1	0	                                                                                    
390	1	0	                                                                                    
391	1	0	                                                                                    
392	1	0	                                                                                    
393	1	0	                                                                                    
394	1	0	                                                                                    
395	1	0	                                                                                    
397	1	0	                                                                                    
398	1	0	                                                                                    
399	1	0	                                                                                    
400	1	0	                                                                                    
401	1	0	                                                                                    
402	1	0	                                                                                    
403	1	0	                                                                                    
404	1	0	                                                                                    
405	1	0	                                                                                    
406	1	0	                                                                                    
407	1	0	                                                                                    
408	1	0	                                                                                    
409	1	0	                                                                                    
410	1	0	                                                                                    
411	1	0	                                                                                    
412	1	0	                                                                                    
413	1	0	                                                                                    
414	1	0	                                                                                    
415	1	0	                                                                                    
416	1	0	                                                                                    
417	1	0	                                                                                    
419	1	0	                                                                                    
420	1	0	                                                                                    
421	1	0	                                                                                    
422	1	0	                                                                                    
423	1	0	                                                                                    
424	1	0	                                                                                    
426	1	0	                                                                                    
427	1	0	                                                                                    
418	1	-3918	                                                                                    
368	1	4430	                                                                                    
396	1	4310	                                                                                    
425	1	-1410	                                                                                    
428	1	0	                                                                                    
429	1	0	                                                                                    
430	1	0	                                                                                    
431	1	0	                                                                                    
433	1	0	                                                                                    
434	1	0	                                                                                    
435	1	0	                                                                                    
436	1	0	                                                                                    
437	1	0	                                                                                    
438	1	0	                                                                                    
439	1	0	                                                                                    
440	1	0	                                                                                    
441	1	0	                                                                                    
442	1	0	                                                                                    
443	1	0	                                                                                    
444	1	0	                                                                                    
445	1	0	                                                                                    
446	1	0	                                                                                    
447	1	0	                                                                                    
448	1	0	                                                                                    
449	1	0	                                                                                    
451	1	0	                                                                                    
453	1	0	                                                                                    
454	1	0	                                                                                    
455	1	0	                                                                                    
456	1	0	                                                                                    
457	1	0	                                                                                    
458	1	0	                                                                                    
459	1	0	                                                                                    
460	1	0	                                                                                    
461	1	0	                                                                                    
462	1	0	                                                                                    
463	1	0	                                                                                    
464	1	0	                                                                                    
465	1	0	                                                                                    
466	1	0	                                                                                    
467	1	0	                                                                                    
468	1	0	                                                                                    
469	1	0	                                                                                    
470	1	0	                                                                                    
471	1	0	                                                                                    
472	1	0	                                                                                    
473	1	0	                                                                                    
474	1	0	                                                                                    
476	1	0	                                                                                    
477	1	0	                                                                                    
478	1	0	                                                                                    
479	1	0	                                                                                    
480	1	0	                                                                                    
481	1	0	                                                                                    
482	1	0	                                                                                    
483	1	0	                                                                                    
484	1	0	                                                                                    
486	1	0	                                                                                    
487	1	0	                                                                                    
488	1	0	                                                                                    
450	1	-3359	                                                                                    
432	1	-373	                                                                                    
452	1	-910	                                                                                    
475	1	2066	                                                                                    
489	1	0	                                                                                    
490	1	0	                                                                                    
491	1	0	                                                                                    
492	1	0	                                                                                    
493	1	0	                                                                                    
494	1	0	                                                                                    
497	1	0	                                                                                    
498	1	0	                                                                                    
499	1	0	                                                                                    
500	1	0	                                                                                    
501	1	0	                                                                                    
502	1	0	                                                                                    
503	1	0	                                                                                    
504	1	0	                                                                                    
505	1	0	                                                                                    
506	1	0	                                                                                    
507	1	0	                                                                                    
508	1	0	                                                                                    
509	1	0	                                                                                    
510	1	0	                                                                                    
511	1	0	                                                                                    
513	1	0	                                                                                    
514	1	0	                                                                                    
516	1	0	                                                                                    
517	1	0	                                                                                    
518	1	0	                                                                                    
519	1	0	                                                                                    
520	1	0	                                                                                    
522	1	0	                                                                                    
523	1	0	                                                                                    
524	1	0	                                                                                    
528	1	0	                                                                                    
529	1	0	                                                                                    
530	1	0	                                                                                    
531	1	0	                                                                                    
532	1	0	                                                                                    
533	1	0	                                                                                    
534	1	0	                                                                                    
535	1	0	                                                                                    
537	1	0	                                                                                    
538	1	0	                                                                                    
539	1	0	                                                                                    
540	1	0	                                                                                    
541	1	0	                                                                                    
542	1	0	                                                                                    
543	1	0	                                                                                    
544	1	0	                                                                                    
545	1	0	                                                                                    
546	1	0	                                                                                    
547	1	0	                                                                                    
548	1	0	                                                                                    
515	1	-1034	                                                                                    
496	1	-3878	                                                                                    
526	1	-2576	                                                                                    
525	1	-1735	                                                                                    
527	1	-710	                                                                                    
536	1	3916	                                                                                    
495	1	4435	                                                                                    
549	1	4035	                                                                                    
521	1	-1836	                                                                                    
550	1	0	                                                                                    
551	1	0	                                                                                    
552	1	0	                                                                                    
553	1	0	                                                                                    
554	1	0	                                                                                    
555	1	0	                                                                                    
556	1	0	                                                                                    
558	1	0	                                                                                    
559	1	0	                                                                                    
560	1	0	                                                                                    
561	1	0	                                                                                    
562	1	0	                                                                                    
563	1	0	                                                                                    
564	1	0	                                                                                    
565	1	0	                                                                                    
566	1	0	                                                                                    
568	1	0	                                                                                    
569	1	0	                                                                                    
570	1	0	                                                                                    
571	1	0	                                                                                    
572	1	0	                                                                                    
573	1	0	                                                                                    
574	1	0	                                                                                    
576	1	0	                                                                                    
579	1	0	                                                                                    
580	1	0	                                                                                    
581	1	0	                                                                                    
582	1	0	                                                                                    
583	1	0	                                                                                    
584	1	0	                                                                                    
585	1	0	                                                                                    
586	1	0	                                                                                    
588	1	0	                                                                                    
589	1	0	                                                                                    
590	1	0	                                                                                    
591	1	0	                                                                                    
592	1	0	                                                                                    
593	1	0	                                                                                    
595	1	0	                                                                                    
596	1	0	                                                                                    
598	1	0	                                                                                    
599	1	0	                                                                                    
601	1	0	                                                                                    
602	1	0	                                                                                    
603	1	0	                                                                                    
604	1	0	                                                                                    
605	1	0	                                                                                    
606	1	0	                                                                                    
607	1	0	                                                                                    
609	1	0	                                                                                    
610	1	0	                                                                                    
567	1	-1558	                                                                                    
577	1	3163	                                                                                    
600	1	197	                                                                                    
587	1	2733	                                                                                    
597	1	-4136	                                                                                    
594	1	-909	                                                                                    
575	1	-3178	                                                                                    
557	1	1464	                                                                                    
608	1	-3658	                                                                                    
611	1	0	                                                                                    
612	1	0	                                                                                    
613	1	0	                                                                                    
614	1	0	                                                                                    
615	1	0	                                                                                    
616	1	0	                                                                                    
617	1	0	                                                                                    
618	1	0	                                                                                    
619	1	0	                                                                                    
620	1	0	                                                                                    
621	1	0	                                                                                    
624	1	0	                                                                                    
625	1	0	                                                                                    
626	1	0	                                                                                    
628	1	0	                                                                                    
629	1	0	                                                                                    
631	1	0	                                                                                    
632	1	0	                                                                                    
633	1	0	                                                                                    
634	1	0	                                                                                    
636	1	0	                                                                                    
637	1	0	                                                                                    
638	1	0	                                                                                    
639	1	0	                                                                                    
640	1	0	                                                                                    
642	1	0	                                                                                    
643	1	0	                                                                                    
644	1	0	                                                                                    
646	1	0	                                                                                    
647	1	0	                                                                                    
648	1	0	                                                                                    
649	1	0	                                                                                    
650	1	0	                                                                                    
652	1	0	                                                                                    
654	1	0	                                                                                    
655	1	0	                                                                                    
657	1	0	                                                                                    
658	1	0	                                                                                    
659	1	0	                                                                                    
660	1	0	                                                                                    
661	1	0	                                                                                    
662	1	0	                                                                                    
663	1	0	                                                                                    
664	1	0	                                                                                    
665	1	0	                                                                                    
667	1	0	                                                                                    
668	1	0	                                                                                    
669	1	0	                                                                                    
670	1	0	                                                                                    
671	1	0	                                                                                    
627	1	2178	                                                                                    
656	1	-357	                                                                                    
622	1	-672	                                                                                    
645	1	2645	                                                                                    
630	1	-979	                                                                                    
623	1	58	                                                                                    
635	1	-4775	                                                                                    
641	1	4968	                                                                                    
653	1	835	                                                                                    
666	1	-3842	                                                                                    
674	1	0	                                                                                    
675	1	0	                                                                                    
676	1	0	                                                                                    
677	1	0	                                                                                    
678	1	0	                                                                                    
679	1	0	                                                                                    
680	1	0	                                                                                    
681	1	0	                                                                                    
682	1	0	                                                                                    
683	1	0	                                                                                    
684	1	0	                                                                                    
685	1	0	                                                                                    
686	1	0	                                                                                    
687	1	0	                                                                                    
688	1	0	                                                                                    
690	1	0	                                                                                    
691	1	0	                                                                                    
692	1	0	                                                                                    
693	1	0	                                                                                    
694	1	0	                                                                                    
696	1	0	                                                                                    
697	1	0	                                                                                    
698	1	0	                                                                                    
699	1	0	                                                                                    
700	1	0	                                                                                    
702	1	0	                                                                                    
703	1	0	                                                                                    
704	1	0	                                                                                    
705	1	0	                                                                                    
706	1	0	                                                                                    
707	1	0	                                                                                    
708	1	0	                                                                                    
709	1	0	                                                                                    
710	1	0	                                                                                    
711	1	0	                                                                                    
714	1	0	                                                                                    
715	1	0	                                                                                    
716	1	0	                                                                                    
718	1	0	                                                                                    
720	1	0	                                                                                    
721	1	0	                                                                                    
722	1	0	                                                                                    
723	1	0	                                                                                    
724	1	0	                                                                                    
725	1	0	                                                                                    
726	1	0	                                                                                    
727	1	0	                                                                                    
728	1	0	                                                                                    
729	1	0	                                                                                    
730	1	0	                                                                                    
731	1	0	                                                                                    
732	1	0	                                                                                    
713	1	-1954	                                                                                    
672	1	-4257	                                                                                    
673	1	4755	                                                                                    
695	1	-2316	                                                                                    
717	1	-47	                                                                                    
689	1	300	                                                                                    
712	1	4578	                                                                                    
701	1	-421	                                                                                    
733	1	0	                                                                                    
734	1	0	                                                                                    
735	1	0	                                                                                    
736	1	0	                                                                                    
737	1	0	                                                                                    
739	1	0	                                                                                    
740	1	0	                                                                                    
741	1	0	                                                                                    
742	1	0	                                                                                    
743	1	0	                                                                                    
744	1	0	                                                                                    
745	1	0	                                                                                    
746	1	0	                                                                                    
747	1	0	                                                                                    
748	1	0	                                                                                    
750	1	0	                                                                                    
751	1	0	                                                                                    
753	1	0	                                                                                    
754	1	0	                                                                                    
755	1	0	                                                                                    
757	1	0	                                                                                    
758	1	0	                                                                                    
759	1	0	                                                                                    
760	1	0	                                                                                    
761	1	0	                                                                                    
762	1	0	                                                                                    
763	1	0	                                                                                    
764	1	0	                                                                                    
765	1	0	                                                                                    
767	1	0	                                                                                    
768	1	0	                                                                                    
769	1	0	                                                                                    
771	1	0	                                                                                    
772	1	0	                                                                                    
773	1	0	                                                                                    
774	1	0	                                                                                    
775	1	0	                                                                                    
776	1	0	                                                                                    
777	1	0	                                                                                    
778	1	0	                                                                                    
782	1	0	                                                                                    
783	1	0	                                                                                    
785	1	0	                                                                                    
786	1	0	                                                                                    
788	1	0	                                                                                    
789	1	0	                                                                                    
790	1	0	                                                                                    
791	1	0	                                                                                    
792	1	0	                                                                                    
793	1	0	                                                                                    
749	1	-244	                                                                                    
780	1	-2661	                                                                                    
738	1	-4557	                                                                                    
752	1	3192	                                                                                    
756	1	2392	                                                                                    
781	1	2495	                                                                                    
787	1	-2815	                                                                                    
770	1	-3153	                                                                                    
779	1	-806	                                                                                    
784	1	-3145	                                                                                    
794	1	0	                                                                                    
795	1	0	                                                                                    
796	1	0	                                                                                    
797	1	0	                                                                                    
798	1	0	                                                                                    
799	1	0	                                                                                    
800	1	0	                                                                                    
801	1	0	                                                                                    
802	1	0	                                                                                    
803	1	0	                                                                                    
804	1	0	                                                                                    
805	1	0	                                                                                    
806	1	0	                                                                                    
807	1	0	                                                                                    
808	1	0	                                                                                    
809	1	0	                                                                                    
810	1	0	                                                                                    
811	1	0	                                                                                    
812	1	0	                                                                                    
813	1	0	                                                                                    
814	1	0	                                                                                    
815	1	0	                                                                                    
816	1	0	                                                                                    
817	1	0	                                                                                    
818	1	0	                                                                                    
819	1	0	                                                                                    
820	1	0	                                                                                    
821	1	0	                                                                                    
823	1	0	                                                                                    
824	1	0	                                                                                    
826	1	0	                                                                                    
827	1	0	                                                                                    
828	1	0	                                                                                    
829	1	0	                                                                                    
832	1	0	                                                                                    
835	1	0	                                                                                    
837	1	0	                                                                                    
838	1	0	                                                                                    
839	1	0	                                                                                    
840	1	0	                                                                                    
841	1	0	                                                                                    
842	1	0	                                                                                    
843	1	0	                                                                                    
844	1	0	                                                                                    
845	1	0	                                                                                    
846	1	0	                                                                                    
847	1	0	                                                                                    
849	1	0	                                                                                    
850	1	0	                                                                                    
851	1	0	                                                                                    
852	1	0	                                                                                    
853	1	0	                                                                                    
854	1	0	                                                                                    
825	1	-633	                                                                                    
836	1	2875	                                                                                    
833	1	817	                                                                                    
831	1	529	                                                                                    
834	1	-1354	                                                                                    
848	1	-244	                                                                                    
830	1	4425	                                                                                    
855	1	0	                                                                                    
857	1	0	                                                                                    
858	1	0	                                                                                    
859	1	0	                                                                                    
860	1	0	                                                                                    
862	1	0	                                                                                    
863	1	0	                                                                                    
864	1	0	                                                                                    
865	1	0	                                                                                    
866	1	0	                                                                                    
867	1	0	                                                                                    
868	1	0	                                                                                    
869	1	0	                                                                                    
870	1	0	                                                                                    
871	1	0	                                                                                    
874	1	0	                                                                                    
875	1	0	                                                                                    
876	1	0	                                                                                    
878	1	0	                                                                                    
879	1	0	                                                                                    
880	1	0	                                                                                    
881	1	0	                                                                                    
882	1	0	                                                                                    
883	1	0	                                                                                    
884	1	0	                                                                                    
885	1	0	                                                                                    
886	1	0	                                                                                    
887	1	0	                                                                                    
888	1	0	                                                                                    
889	1	0	                                                                                    
890	1	0	                                                                                    
891	1	0	                                                                                    
892	1	0	                                                                                    
895	1	0	                                                                                    
896	1	0	                                                                                    
897	1	0	                                                                                    
899	1	0	                                                                                    
901	1	0	                                                                                    
902	1	0	                                                                                    
903	1	0	                                                                                    
905	1	0	                                                                                    
907	1	0	                                                                                    
908	1	0	                                                                                    
909	1	0	                                                                                    
910	1	0	                                                                                    
911	1	0	                                                                                    
912	1	0	                                                                                    
913	1	0	                                                                                    
914	1	0	                                                                                    
915	1	0	                                                                                    
893	1	2834	                                                                                    
872	1	1268	                                                                                    
877	1	-4615	                                                                                    
900	1	-65	                                                                                    
906	1	-3456	                                                                                    
873	1	658	                                                                                    
856	1	2230	                                                                                    
898	1	-4728	                                                                                    
894	1	-1727	                                                                                    
861	1	-1011	                                                                                    
916	1	0	                                                                                    
917	1	0	                                                                                    
918	1	0	                                                                                    
919	1	0	                                                                                    
920	1	0	                                                                                    
921	1	0	                                                                                    
922	1	0	                                                                                    
924	1	0	                                                                                    
925	1	0	                                                                                    
926	1	0	                                                                                    
927	1	0	                                                                                    
928	1	0	                                                                                    
929	1	0	                                                                                    
930	1	0	                                                                                    
931	1	0	                                                                                    
932	1	0	                                                                                    
933	1	0	                                                                                    
934	1	0	                                                                                    
936	1	0	                                                                                    
937	1	0	                                                                                    
939	1	0	                                                                                    
940	1	0	                                                                                    
941	1	0	                                                                                    
942	1	0	                                                                                    
943	1	0	                                                                                    
944	1	0	                                                                                    
945	1	0	                                                                                    
946	1	0	                                                                                    
947	1	0	                                                                                    
948	1	0	                                                                                    
949	1	0	                                                                                    
950	1	0	                                                                                    
951	1	0	                                                                                    
952	1	0	                                                                                    
953	1	0	                                                                                    
954	1	0	                                                                                    
955	1	0	                                                                                    
956	1	0	                                                                                    
957	1	0	                                                                                    
958	1	0	                                                                                    
959	1	0	                                                                                    
960	1	0	                                                                                    
961	1	0	                                                                                    
962	1	0	                                                                                    
963	1	0	                                                                                    
964	1	0	                                                                                    
965	1	0	                                                                                    
966	1	0	                                                                                    
967	1	0	                                                                                    
968	1	0	                                                                                    
969	1	0	                                                                                    
970	1	0	                                                                                    
971	1	0	                                                                                    
972	1	0	                                                                                    
973	1	0	                                                                                    
974	1	0	                                                                                    
975	1	0	                                                                                    
976	1	0	                                                                                    
935	1	1021	                                                                                    
938	1	-4452	                                                                                    
977	1	0	                                                                                    
978	1	0	                                                                                    
979	1	0	                                                                                    
980	1	0	                                                                                    
981	1	0	                                                                                    
982	1	0	                                                                                    
983	1	0	                                                                                    
984	1	0	                                                                                    
985	1	0	                                                                                    
988	1	0	                                                                                    
989	1	0	                                                                                    
990	1	0	                                                                                    
991	1	0	                                                                                    
992	1	0	                                                                                    
994	1	0	                                                                                    
996	1	0	                                                                                    
997	1	0	                                                                                    
998	1	0	                                                                                    
999	1	0	                                                                                    
1003	1	0	                                                                                    
1004	1	0	                                                                                    
1005	1	0	                                                                                    
1006	1	0	                                                                                    
1007	1	0	                                                                                    
1008	1	0	                                                                                    
1010	1	0	                                                                                    
1011	1	0	                                                                                    
1012	1	0	                                                                                    
1013	1	0	                                                                                    
1014	1	0	                                                                                    
1015	1	0	                                                                                    
1016	1	0	                                                                                    
1017	1	0	                                                                                    
1019	1	0	                                                                                    
1020	1	0	                                                                                    
1022	1	0	                                                                                    
1023	1	0	                                                                                    
1024	1	0	                                                                                    
1025	1	0	                                                                                    
1026	1	0	                                                                                    
1027	1	0	                                                                                    
1028	1	0	                                                                                    
1029	1	0	                                                                                    
1031	1	0	                                                                                    
1032	1	0	                                                                                    
1034	1	0	                                                                                    
1036	1	0	                                                                                    
993	1	3840	                                                                                    
1001	1	-3625	                                                                                    
995	1	-3229	                                                                                    
1021	1	-2721	                                                                                    
1000	1	-629	                                                                                    
1018	1	331	                                                                                    
1037	1	2553	                                                                                    
1009	1	-2384	                                                                                    
1035	1	3990	                                                                                    
987	1	-141	                                                                                    
1033	1	3087	                                                                                    
1030	1	232	                                                                                    
1002	1	-1589	                                                                                    
1038	1	0	                                                                                    
1039	1	0	                                                                                    
1040	1	0	                                                                                    
1041	1	0	                                                                                    
1042	1	0	                                                                                    
1045	1	0	                                                                                    
1046	1	0	                                                                                    
1047	1	0	                                                                                    
1048	1	0	                                                                                    
1049	1	0	                                                                                    
1050	1	0	                                                                                    
1051	1	0	                                                                                    
1052	1	0	                                                                                    
1053	1	0	                                                                                    
1054	1	0	                                                                                    
1055	1	0	                                                                                    
1056	1	0	                                                                                    
1058	1	0	                                                                                    
1059	1	0	                                                                                    
1060	1	0	                                                                                    
1061	1	0	                                                                                    
1062	1	0	                                                                                    
1063	1	0	                                                                                    
1065	1	0	                                                                                    
1066	1	0	                                                                                    
1067	1	0	                                                                                    
1068	1	0	                                                                                    
1069	1	0	                                                                                    
1070	1	0	                                                                                    
1071	1	0	                                                                                    
1072	1	0	                                                                                    
1075	1	0	                                                                                    
1076	1	0	                                                                                    
1077	1	0	                                                                                    
1078	1	0	                                                                                    
1079	1	0	                                                                                    
1080	1	0	                                                                                    
1081	1	0	                                                                                    
1083	1	0	                                                                                    
1084	1	0	                                                                                    
1086	1	0	                                                                                    
1087	1	0	                                                                                    
1088	1	0	                                                                                    
1089	1	0	                                                                                    
1090	1	0	                                                                                    
1091	1	0	                                                                                    
1092	1	0	                                                                                    
1093	1	0	                                                                                    
1095	1	0	                                                                                    
1096	1	0	                                                                                    
1097	1	0	                                                                                    
1098	1	0	                                                                                    
1057	1	4914	                                                                                    
1094	1	4487	                                                                                    
1082	1	241	                                                                                    
1073	1	2714	                                                                                    
1064	1	580	                                                                                    
1074	1	-4770	                                                                                    
1043	1	3617	                                                                                    
1085	1	4394	                                                                                    
1100	1	0	                                                                                    
1101	1	0	                                                                                    
1102	1	0	                                                                                    
1103	1	0	                                                                                    
1104	1	0	                                                                                    
1105	1	0	                                                                                    
1106	1	0	                                                                                    
1107	1	0	                                                                                    
1109	1	0	                                                                                    
1110	1	0	                                                                                    
1111	1	0	                                                                                    
1113	1	0	                                                                                    
1114	1	0	                                                                                    
1115	1	0	                                                                                    
1116	1	0	                                                                                    
1117	1	0	                                                                                    
1119	1	0	                                                                                    
1120	1	0	                                                                                    
1121	1	0	                                                                                    
1123	1	0	                                                                                    
1124	1	0	                                                                                    
1125	1	0	                                                                                    
1126	1	0	                                                                                    
1127	1	0	                                                                                    
1128	1	0	                                                                                    
1129	1	0	                                                                                    
1130	1	0	                                                                                    
1132	1	0	                                                                                    
1134	1	0	                                                                                    
1137	1	0	                                                                                    
1138	1	0	                                                                                    
1140	1	0	                                                                                    
1141	1	0	                                                                                    
1142	1	0	                                                                                    
1143	1	0	                                                                                    
1144	1	0	                                                                                    
1145	1	0	                                                                                    
1146	1	0	                                                                                    
1147	1	0	                                                                                    
1148	1	0	                                                                                    
1149	1	0	                                                                                    
1150	1	0	                                                                                    
1151	1	0	                                                                                    
1152	1	0	                                                                                    
1153	1	0	                                                                                    
1154	1	0	                                                                                    
1155	1	0	                                                                                    
1158	1	0	                                                                                    
1159	1	0	                                                                                    
1157	1	-4037	                                                                                    
1112	1	-4315	                                                                                    
1108	1	13	                                                                                    
1118	1	-2333	                                                                                    
1139	1	4921	                                                                                    
1136	1	-4693	                                                                                    
1131	1	4028	                                                                                    
1133	1	-765	                                                                                    
1122	1	4138	                                                                                    
1135	1	3806	                                                                                    
1099	1	-2605	                                                                                    
1160	1	0	                                                                                    
1161	1	0	                                                                                    
1162	1	0	                                                                                    
1163	1	0	                                                                                    
1164	1	0	                                                                                    
1165	1	0	                                                                                    
1166	1	0	                                                                                    
1167	1	0	                                                                                    
1168	1	0	                                                                                    
1169	1	0	                                                                                    
1172	1	0	                                                                                    
1174	1	0	                                                                                    
1175	1	0	                                                                                    
1176	1	0	                                                                                    
1177	1	0	                                                                                    
1178	1	0	                                                                                    
1180	1	0	                                                                                    
1181	1	0	                                                                                    
1182	1	0	                                                                                    
1183	1	0	                                                                                    
1184	1	0	                                                                                    
1185	1	0	                                                                                    
1186	1	0	                                                                                    
1187	1	0	                                                                                    
1188	1	0	                                                                                    
1189	1	0	                                                                                    
1190	1	0	                                                                                    
1192	1	0	                                                                                    
1193	1	0	                                                                                    
1194	1	0	                                                                                    
1195	1	0	                                                                                    
1196	1	0	                                                                                    
1197	1	0	                                                                                    
1198	1	0	                                                                                    
1199	1	0	                                                                                    
1200	1	0	                                                                                    
1201	1	0	                                                                                    
1202	1	0	                                                                                    
1203	1	0	                                                                                    
1204	1	0	                                                                                    
1205	1	0	                                                                                    
1206	1	0	                                                                                    
1207	1	0	                                                                                    
1209	1	0	                                                                                    
1210	1	0	                                                                                    
1211	1	0	                                                                                    
1212	1	0	                                                                                    
1213	1	0	                                                                                    
1214	1	0	                                                                                    
1216	1	0	                                                                                    
1217	1	0	                                                                                    
1218	1	0	                                                                                    
1220	1	0	                                                                                    
1170	1	-3745	                                                                                    
1179	1	-1802	                                                                                    
1173	1	2282	                                                                                    
1191	1	-4590	                                                                                    
1171	1	-889	                                                                                    
1208	1	573	                                                                                    
1221	1	0	                                                                                    
1222	1	0	                                                                                    
1223	1	0	                                                                                    
1224	1	0	                                                                                    
1225	1	0	                                                                                    
1226	1	0	                                                                                    
1227	1	0	                                                                                    
1229	1	0	                                                                                    
1230	1	0	                                                                                    
1231	1	0	                                                                                    
1232	1	0	                                                                                    
1233	1	0	                                                                                    
1234	1	0	                                                                                    
1235	1	0	                                                                                    
1236	1	0	                                                                                    
1237	1	0	                                                                                    
1238	1	0	                                                                                    
1239	1	0	                                                                                    
1240	1	0	                                                                                    
1241	1	0	                                                                                    
1242	1	0	                                                                                    
1243	1	0	                                                                                    
1244	1	0	                                                                                    
1245	1	0	                                                                                    
1246	1	0	                                                                                    
1247	1	0	                                                                                    
1248	1	0	                                                                                    
1249	1	0	                                                                                    
1250	1	0	                                                                                    
1251	1	0	                                                                                    
1252	1	0	                                                                                    
1253	1	0	                                                                                    
1254	1	0	                                                                                    
1255	1	0	                                                                                    
1256	1	0	                                                                                    
1257	1	0	                                                                                    
1258	1	0	                                                                                    
1259	1	0	                                                                                    
1260	1	0	                                                                                    
1261	1	0	                                                                                    
1262	1	0	                                                                                    
1263	1	0	                                                                                    
1264	1	0	                                                                                    
1266	1	0	                                                                                    
1267	1	0	                                                                                    
1268	1	0	                                                                                    
1269	1	0	                                                                                    
1270	1	0	                                                                                    
1271	1	0	                                                                                    
1272	1	0	                                                                                    
1273	1	0	                                                                                    
1274	1	0	                                                                                    
1275	1	0	                                                                                    
1276	1	0	                                                                                    
1277	1	0	                                                                                    
1278	1	0	                                                                                    
1279	1	0	                                                                                    
1280	1	0	                                                                                    
1281	1	0	                                                                                    
1265	1	4413	                                                                                    
1282	1	0	                                                                                    
1283	1	0	                                                                                    
1287	1	0	                                                                                    
1288	1	0	                                                                                    
1289	1	0	                                                                                    
1290	1	0	                                                                                    
1291	1	0	                                                                                    
1293	1	0	                                                                                    
1295	1	0	                                                                                    
1297	1	0	                                                                                    
1298	1	0	                                                                                    
1299	1	0	                                                                                    
1300	1	0	                                                                                    
1302	1	0	                                                                                    
1303	1	0	                                                                                    
1304	1	0	                                                                                    
1305	1	0	                                                                                    
1306	1	0	                                                                                    
1308	1	0	                                                                                    
1309	1	0	                                                                                    
1310	1	0	                                                                                    
1311	1	0	                                                                                    
1312	1	0	                                                                                    
1313	1	0	                                                                                    
1314	1	0	                                                                                    
1315	1	0	                                                                                    
1316	1	0	                                                                                    
1317	1	0	                                                                                    
1318	1	0	                                                                                    
1319	1	0	                                                                                    
1320	1	0	                                                                                    
1322	1	0	                                                                                    
1323	1	0	                                                                                    
1324	1	0	                                                                                    
1325	1	0	                                                                                    
1326	1	0	                                                                                    
1328	1	0	                                                                                    
1329	1	0	                                                                                    
1330	1	0	                                                                                    
1331	1	0	                                                                                    
1332	1	0	                                                                                    
1333	1	0	                                                                                    
1334	1	0	                                                                                    
1336	1	0	                                                                                    
1337	1	0	                                                                                    
1338	1	0	                                                                                    
1341	1	0	                                                                                    
1342	1	0	                                                                                    
1285	1	4053	                                                                                    
1335	1	-3389	                                                                                    
1340	1	3652	                                                                                    
1327	1	-1557	                                                                                    
1339	1	476	                                                                                    
1294	1	-3501	                                                                                    
1296	1	-1368	                                                                                    
1292	1	4167	                                                                                    
1307	1	692	                                                                                    
1321	1	3078	                                                                                    
1301	1	723	                                                                                    
1284	1	2490	                                                                                    
1343	1	0	                                                                                    
1344	1	0	                                                                                    
1345	1	0	                                                                                    
1346	1	0	                                                                                    
1347	1	0	                                                                                    
1348	1	0	                                                                                    
1349	1	0	                                                                                    
1350	1	0	                                                                                    
1351	1	0	                                                                                    
1352	1	0	                                                                                    
1353	1	0	                                                                                    
1354	1	0	                                                                                    
1355	1	0	                                                                                    
1356	1	0	                                                                                    
1357	1	0	                                                                                    
1358	1	0	                                                                                    
1359	1	0	                                                                                    
1360	1	0	                                                                                    
1361	1	0	                                                                                    
1362	1	0	                                                                                    
1363	1	0	                                                                                    
1364	1	0	                                                                                    
1365	1	0	                                                                                    
1366	1	0	                                                                                    
1367	1	0	                                                                                    
1368	1	0	                                                                                    
1369	1	0	                                                                                    
1371	1	0	                                                                                    
1372	1	0	                                                                                    
1373	1	0	                                                                                    
1374	1	0	                                                                                    
1375	1	0	                                                                                    
1376	1	0	                                                                                    
1377	1	0	                                                                                    
1378	1	0	                                                                                    
1379	1	0	                                                                                    
1380	1	0	                                                                                    
1381	1	0	                                                                                    
1383	1	0	                                                                                    
1384	1	0	                                                                                    
1385	1	0	                                                                                    
1386	1	0	                                                                                    
1387	1	0	                                                                                    
1388	1	0	                                                                                    
1389	1	0	                                                                                    
1390	1	0	                                                                                    
1391	1	0	                                                                                    
1392	1	0	                                                                                    
1393	1	0	                                                                                    
1394	1	0	                                                                                    
1395	1	0	                                                                                    
1396	1	0	                                                                                    
1397	1	0	                                                                                    
1398	1	0	                                                                                    
1399	1	0	                                                                                    
1400	1	0	                                                                                    
1401	1	0	                                                                                    
1402	1	0	                                                                                    
1403	1	0	                                                                                    
1370	1	3301	                                                                                    
1404	1	0	                                                                                    
1405	1	0	                                                                                    
1406	1	0	                                                                                    
1407	1	0	                                                                                    
1408	1	0	                                                                                    
1409	1	0	                                                                                    
1410	1	0	                                                                                    
1412	1	0	                                                                                    
1413	1	0	                                                                                    
1414	1	0	                                                                                    
1415	1	0	                                                                                    
1416	1	0	                                                                                    
1417	1	0	                                                                                    
1418	1	0	                                                                                    
1422	1	0	                                                                                    
1424	1	0	                                                                                    
1425	1	0	                                                                                    
1426	1	0	                                                                                    
1427	1	0	                                                                                    
1428	1	0	                                                                                    
1429	1	0	                                                                                    
1430	1	0	                                                                                    
1431	1	0	                                                                                    
1432	1	0	                                                                                    
1433	1	0	                                                                                    
1434	1	0	                                                                                    
1436	1	0	                                                                                    
1438	1	0	                                                                                    
1439	1	0	                                                                                    
1440	1	0	                                                                                    
1442	1	0	                                                                                    
1443	1	0	                                                                                    
1444	1	0	                                                                                    
1445	1	0	                                                                                    
1446	1	0	                                                                                    
1448	1	0	                                                                                    
1449	1	0	                                                                                    
1450	1	0	                                                                                    
1451	1	0	                                                                                    
1452	1	0	                                                                                    
1454	1	0	                                                                                    
1455	1	0	                                                                                    
1456	1	0	                                                                                    
1457	1	0	                                                                                    
1458	1	0	                                                                                    
1460	1	0	                                                                                    
1461	1	0	                                                                                    
1462	1	0	                                                                                    
1463	1	0	                                                                                    
1464	1	0	                                                                                    
1420	1	-3168	                                                                                    
1435	1	3046	                                                                                    
1447	1	-3932	                                                                                    
1421	1	-205	                                                                                    
1411	1	-2101	                                                                                    
1437	1	161	                                                                                    
1423	1	-2162	                                                                                    
1419	1	1882	                                                                                    
1453	1	2127	                                                                                    
1459	1	190	                                                                                    
1465	1	0	                                                                                    
1466	1	0	                                                                                    
1467	1	0	                                                                                    
1468	1	0	                                                                                    
1469	1	0	                                                                                    
1471	1	0	                                                                                    
1472	1	0	                                                                                    
1473	1	0	                                                                                    
1474	1	0	                                                                                    
1475	1	0	                                                                                    
1476	1	0	                                                                                    
1477	1	0	                                                                                    
1479	1	0	                                                                                    
1480	1	0	                                                                                    
1481	1	0	                                                                                    
1483	1	0	                                                                                    
1484	1	0	                                                                                    
1486	1	0	                                                                                    
1487	1	0	                                                                                    
1488	1	0	                                                                                    
1489	1	0	                                                                                    
1490	1	0	                                                                                    
1492	1	0	                                                                                    
1494	1	0	                                                                                    
1495	1	0	                                                                                    
1496	1	0	                                                                                    
1497	1	0	                                                                                    
1498	1	0	                                                                                    
1499	1	0	                                                                                    
1500	1	0	                                                                                    
1501	1	0	                                                                                    
1502	1	0	                                                                                    
1503	1	0	                                                                                    
1504	1	0	                                                                                    
1505	1	0	                                                                                    
1506	1	0	                                                                                    
1507	1	0	                                                                                    
1510	1	0	                                                                                    
1511	1	0	                                                                                    
1512	1	0	                                                                                    
1514	1	0	                                                                                    
1515	1	0	                                                                                    
1516	1	0	                                                                                    
1517	1	0	                                                                                    
1518	1	0	                                                                                    
1519	1	0	                                                                                    
1521	1	0	                                                                                    
1523	1	0	                                                                                    
1524	1	0	                                                                                    
1525	1	0	                                                                                    
1482	1	-61	                                                                                    
1491	1	2896	                                                                                    
1493	1	-1375	                                                                                    
1522	1	-376	                                                                                    
1478	1	-903	                                                                                    
1509	1	2024	                                                                                    
1485	1	-1334	                                                                                    
1470	1	4037	                                                                                    
1520	1	4191	                                                                                    
1513	1	-1611	                                                                                    
1526	1	0	                                                                                    
1527	1	0	                                                                                    
1529	1	0	                                                                                    
1530	1	0	                                                                                    
1531	1	0	                                                                                    
1532	1	0	                                                                                    
1533	1	0	                                                                                    
1535	1	0	                                                                                    
1536	1	0	                                                                                    
1537	1	0	                                                                                    
1538	1	0	                                                                                    
1539	1	0	                                                                                    
1540	1	0	                                                                                    
1542	1	0	                                                                                    
1543	1	0	                                                                                    
1544	1	0	                                                                                    
1545	1	0	                                                                                    
1546	1	0	                                                                                    
1547	1	0	                                                                                    
1548	1	0	                                                                                    
1549	1	0	                                                                                    
1551	1	0	                                                                                    
1553	1	0	                                                                                    
1554	1	0	                                                                                    
1555	1	0	                                                                                    
1556	1	0	                                                                                    
1557	1	0	                                                                                    
1560	1	0	                                                                                    
1561	1	0	                                                                                    
1562	1	0	                                                                                    
1563	1	0	                                                                                    
1565	1	0	                                                                                    
1566	1	0	                                                                                    
1567	1	0	                                                                                    
1568	1	0	                                                                                    
1569	1	0	                                                                                    
1570	1	0	                                                                                    
1571	1	0	                                                                                    
1572	1	0	                                                                                    
1573	1	0	                                                                                    
1574	1	0	                                                                                    
1575	1	0	                                                                                    
1576	1	0	                                                                                    
1577	1	0	                                                                                    
1578	1	0	                                                                                    
1579	1	0	                                                                                    
1580	1	0	                                                                                    
1581	1	0	                                                                                    
1583	1	0	                                                                                    
1585	1	0	                                                                                    
1550	1	-46	                                                                                    
1582	1	4042	                                                                                    
1586	1	3484	                                                                                    
1559	1	3051	                                                                                    
1558	1	4385	                                                                                    
1552	1	3468	                                                                                    
1584	1	3452	                                                                                    
1564	1	-3473	                                                                                    
1528	1	3456	                                                                                    
1541	1	-1720	                                                                                    
1587	1	0	                                                                                    
1588	1	0	                                                                                    
1589	1	0	                                                                                    
1590	1	0	                                                                                    
1591	1	0	                                                                                    
1592	1	0	                                                                                    
1593	1	0	                                                                                    
1594	1	0	                                                                                    
1595	1	0	                                                                                    
1596	1	0	                                                                                    
1597	1	0	                                                                                    
1598	1	0	                                                                                    
1600	1	0	                                                                                    
1601	1	0	                                                                                    
1602	1	0	                                                                                    
1603	1	0	                                                                                    
1604	1	0	                                                                                    
1605	1	0	                                                                                    
1606	1	0	                                                                                    
1607	1	0	                                                                                    
1608	1	0	                                                                                    
1609	1	0	                                                                                    
1610	1	0	                                                                                    
1612	1	0	                                                                                    
1613	1	0	                                                                                    
1614	1	0	                                                                                    
1615	1	0	                                                                                    
1616	1	0	                                                                                    
1617	1	0	                                                                                    
1620	1	0	                                                                                    
1621	1	0	                                                                                    
1622	1	0	                                                                                    
1624	1	0	                                                                                    
1625	1	0	                                                                                    
1626	1	0	                                                                                    
1627	1	0	                                                                                    
1628	1	0	                                                                                    
1629	1	0	                                                                                    
1630	1	0	                                                                                    
1631	1	0	                                                                                    
1632	1	0	                                                                                    
1633	1	0	                                                                                    
1635	1	0	                                                                                    
1636	1	0	                                                                                    
1637	1	0	                                                                                    
1638	1	0	                                                                                    
1639	1	0	                                                                                    
1640	1	0	                                                                                    
1641	1	0	                                                                                    
1642	1	0	                                                                                    
1643	1	0	                                                                                    
1644	1	0	                                                                                    
1645	1	0	                                                                                    
1647	1	0	                                                                                    
1618	1	-3775	                                                                                    
1634	1	-760	                                                                                    
1623	1	521	                                                                                    
1646	1	-4904	                                                                                    
1611	1	-3600	                                                                                    
1599	1	237	                                                                                    
1648	1	0	                                                                                    
1649	1	0	                                                                                    
1650	1	0	                                                                                    
1651	1	0	                                                                                    
1652	1	0	                                                                                    
1653	1	0	                                                                                    
1654	1	0	                                                                                    
1655	1	0	                                                                                    
1656	1	0	                                                                                    
1657	1	0	                                                                                    
1659	1	0	                                                                                    
1660	1	0	                                                                                    
1661	1	0	                                                                                    
1662	1	0	                                                                                    
1663	1	0	                                                                                    
1664	1	0	                                                                                    
1665	1	0	                                                                                    
1666	1	0	                                                                                    
1667	1	0	                                                                                    
1669	1	0	                                                                                    
1670	1	0	                                                                                    
1671	1	0	                                                                                    
1672	1	0	                                                                                    
1673	1	0	                                                                                    
1675	1	0	                                                                                    
1676	1	0	                                                                                    
1677	1	0	                                                                                    
1678	1	0	                                                                                    
1679	1	0	                                                                                    
1680	1	0	                                                                                    
1681	1	0	                                                                                    
1682	1	0	                                                                                    
1683	1	0	                                                                                    
1684	1	0	                                                                                    
1685	1	0	                                                                                    
1686	1	0	                                                                                    
1688	1	0	                                                                                    
1689	1	0	                                                                                    
1690	1	0	                                                                                    
1692	1	0	                                                                                    
1693	1	0	                                                                                    
1694	1	0	                                                                                    
1695	1	0	                                                                                    
1696	1	0	                                                                                    
1697	1	0	                                                                                    
1698	1	0	                                                                                    
1699	1	0	                                                                                    
1700	1	0	                                                                                    
1701	1	0	                                                                                    
1702	1	0	                                                                                    
1703	1	0	                                                                                    
1704	1	0	                                                                                    
1705	1	0	                                                                                    
1706	1	0	                                                                                    
1708	1	0	                                                                                    
1668	1	3582	                                                                                    
1687	1	-4033	                                                                                    
1707	1	-140	                                                                                    
1658	1	4080	                                                                                    
1691	1	-2746	                                                                                    
1709	1	0	                                                                                    
1710	1	0	                                                                                    
1712	1	0	                                                                                    
1713	1	0	                                                                                    
1715	1	0	                                                                                    
1716	1	0	                                                                                    
1717	1	0	                                                                                    
1718	1	0	                                                                                    
1719	1	0	                                                                                    
1720	1	0	                                                                                    
1721	1	0	                                                                                    
1722	1	0	                                                                                    
1723	1	0	                                                                                    
1724	1	0	                                                                                    
1725	1	0	                                                                                    
1726	1	0	                                                                                    
1727	1	0	                                                                                    
1728	1	0	                                                                                    
1730	1	0	                                                                                    
1731	1	0	                                                                                    
1732	1	0	                                                                                    
1733	1	0	                                                                                    
1734	1	0	                                                                                    
1736	1	0	                                                                                    
1737	1	0	                                                                                    
1738	1	0	                                                                                    
1740	1	0	                                                                                    
1741	1	0	                                                                                    
1742	1	0	                                                                                    
1743	1	0	                                                                                    
1745	1	0	                                                                                    
1746	1	0	                                                                                    
1747	1	0	                                                                                    
1748	1	0	                                                                                    
1749	1	0	                                                                                    
1750	1	0	                                                                                    
1752	1	0	                                                                                    
1753	1	0	                                                                                    
1754	1	0	                                                                                    
1755	1	0	                                                                                    
1756	1	0	                                                                                    
1758	1	0	                                                                                    
1759	1	0	                                                                                    
1760	1	0	                                                                                    
1761	1	0	                                                                                    
1763	1	0	                                                                                    
1764	1	0	                                                                                    
1765	1	0	                                                                                    
1766	1	0	                                                                                    
1767	1	0	                                                                                    
1768	1	0	                                                                                    
1769	1	0	                                                                                    
1735	1	1908	                                                                                    
1714	1	4706	                                                                                    
1711	1	4123	                                                                                    
1751	1	-4624	                                                                                    
1739	1	-1263	                                                                                    
1729	1	-1519	                                                                                    
1762	1	-4786	                                                                                    
1770	1	0	                                                                                    
1771	1	0	                                                                                    
1772	1	0	                                                                                    
1773	1	0	                                                                                    
1774	1	0	                                                                                    
1775	1	0	                                                                                    
1777	1	0	                                                                                    
1779	1	0	                                                                                    
1780	1	0	                                                                                    
1781	1	0	                                                                                    
1783	1	0	                                                                                    
1784	1	0	                                                                                    
1785	1	0	                                                                                    
1786	1	0	                                                                                    
1787	1	0	                                                                                    
1788	1	0	                                                                                    
1789	1	0	                                                                                    
1790	1	0	                                                                                    
1791	1	0	                                                                                    
1792	1	0	                                                                                    
1793	1	0	                                                                                    
1794	1	0	                                                                                    
1795	1	0	                                                                                    
1797	1	0	                                                                                    
1798	1	0	                                                                                    
1799	1	0	                                                                                    
1800	1	0	                                                                                    
1801	1	0	                                                                                    
1802	1	0	                                                                                    
1804	1	0	                                                                                    
1805	1	0	                                                                                    
1806	1	0	                                                                                    
1807	1	0	                                                                                    
1809	1	0	                                                                                    
1811	1	0	                                                                                    
1813	1	0	                                                                                    
1814	1	0	                                                                                    
1815	1	0	                                                                                    
1816	1	0	                                                                                    
1817	1	0	                                                                                    
1819	1	0	                                                                                    
1820	1	0	                                                                                    
1822	1	0	                                                                                    
1824	1	0	                                                                                    
1825	1	0	                                                                                    
1826	1	0	                                                                                    
1827	1	0	                                                                                    
1828	1	0	                                                                                    
1829	1	0	                                                                                    
1821	1	4527	                                                                                    
1812	1	1512	                                                                                    
1782	1	2988	                                                                                    
1796	1	-572	                                                                                    
1810	1	-1048	                                                                                    
1830	1	6566	                                                                                    
1818	1	-1696	                                                                                    
1776	1	-4195	                                                                                    
1778	1	3844	                                                                                    
1803	1	4413	                                                                                    
1823	1	2394	                                                                                    
1831	1	0	                                                                                    
1832	1	0	                                                                                    
1833	1	0	                                                                                    
1834	1	0	                                                                                    
1835	1	0	                                                                                    
1836	1	0	                                                                                    
1837	1	0	                                                                                    
1838	1	0	                                                                                    
1839	1	0	                                                                                    
1840	1	0	                                                                                    
1843	1	0	                                                                                    
1844	1	0	                                                                                    
1845	1	0	                                                                                    
1847	1	0	                                                                                    
1848	1	0	                                                                                    
1849	1	0	                                                                                    
1850	1	0	                                                                                    
1852	1	0	                                                                                    
1853	1	0	                                                                                    
1855	1	0	                                                                                    
1856	1	0	                                                                                    
1857	1	0	                                                                                    
1858	1	0	                                                                                    
1859	1	0	                                                                                    
1860	1	0	                                                                                    
1861	1	0	                                                                                    
1863	1	0	                                                                                    
1864	1	0	                                                                                    
1865	1	0	                                                                                    
1866	1	0	                                                                                    
1867	1	0	                                                                                    
1868	1	0	                                                                                    
1869	1	0	                                                                                    
1871	1	0	                                                                                    
1872	1	0	                                                                                    
1873	1	0	                                                                                    
1874	1	0	                                                                                    
1875	1	0	                                                                                    
1876	1	0	                                                                                    
1877	1	0	                                                                                    
1878	1	0	                                                                                    
1881	1	0	                                                                                    
1882	1	0	                                                                                    
1883	1	0	                                                                                    
1884	1	0	                                                                                    
1885	1	0	                                                                                    
1886	1	0	                                                                                    
1887	1	0	                                                                                    
1888	1	0	                                                                                    
1889	1	0	                                                                                    
1890	1	0	                                                                                    
1891	1	0	                                                                                    
1862	1	1198	                                                                                    
1870	1	-2538	                                                                                    
1851	1	-4766	                                                                                    
1854	1	-323	                                                                                    
1846	1	2631	                                                                                    
1879	1	-3264	                                                                                    
1880	1	1017	                                                                                    
1842	1	-283	                                                                                    
1892	1	0	                                                                                    
1893	1	0	                                                                                    
1894	1	0	                                                                                    
1895	1	0	                                                                                    
1896	1	0	                                                                                    
1897	1	0	                                                                                    
1898	1	0	                                                                                    
1899	1	0	                                                                                    
1900	1	0	                                                                                    
1901	1	0	                                                                                    
1902	1	0	                                                                                    
1903	1	0	                                                                                    
1905	1	0	                                                                                    
1906	1	0	                                                                                    
1907	1	0	                                                                                    
1908	1	0	                                                                                    
1909	1	0	                                                                                    
1910	1	0	                                                                                    
1911	1	0	                                                                                    
1912	1	0	                                                                                    
1913	1	0	                                                                                    
1914	1	0	                                                                                    
1915	1	0	                                                                                    
1917	1	0	                                                                                    
1919	1	0	                                                                                    
1920	1	0	                                                                                    
1921	1	0	                                                                                    
1922	1	0	                                                                                    
1923	1	0	                                                                                    
1924	1	0	                                                                                    
1925	1	0	                                                                                    
1926	1	0	                                                                                    
1927	1	0	                                                                                    
1928	1	0	                                                                                    
1929	1	0	                                                                                    
1930	1	0	                                                                                    
1931	1	0	                                                                                    
1932	1	0	                                                                                    
1933	1	0	                                                                                    
1936	1	0	                                                                                    
1938	1	0	                                                                                    
1939	1	0	                                                                                    
1940	1	0	                                                                                    
1941	1	0	                                                                                    
1942	1	0	                                                                                    
1943	1	0	                                                                                    
1946	1	0	                                                                                    
1947	1	0	                                                                                    
1948	1	0	                                                                                    
1949	1	0	                                                                                    
1950	1	0	                                                                                    
1951	1	0	                                                                                    
1952	1	0	                                                                                    
1904	1	-2017	                                                                                    
1944	1	2203	                                                                                    
1935	1	-2266	                                                                                    
1934	1	-4131	                                                                                    
1937	1	2535	                                                                                    
1916	1	-3992	                                                                                    
1918	1	3783	                                                                                    
1953	1	0	                                                                                    
1954	1	0	                                                                                    
1955	1	0	                                                                                    
1956	1	0	                                                                                    
1957	1	0	                                                                                    
1958	1	0	                                                                                    
1959	1	0	                                                                                    
1960	1	0	                                                                                    
1961	1	0	                                                                                    
1962	1	0	                                                                                    
1963	1	0	                                                                                    
1964	1	0	                                                                                    
1965	1	0	                                                                                    
1966	1	0	                                                                                    
1967	1	0	                                                                                    
1968	1	0	                                                                                    
1969	1	0	                                                                                    
1970	1	0	                                                                                    
1972	1	0	                                                                                    
1973	1	0	                                                                                    
1974	1	0	                                                                                    
1978	1	0	                                                                                    
1979	1	0	                                                                                    
1980	1	0	                                                                                    
1981	1	0	                                                                                    
1982	1	0	                                                                                    
1984	1	0	                                                                                    
1985	1	0	                                                                                    
1986	1	0	                                                                                    
1987	1	0	                                                                                    
1988	1	0	                                                                                    
1989	1	0	                                                                                    
1990	1	0	                                                                                    
1991	1	0	                                                                                    
1992	1	0	                                                                                    
1993	1	0	                                                                                    
1994	1	0	                                                                                    
1995	1	0	                                                                                    
1996	1	0	                                                                                    
1997	1	0	                                                                                    
1998	1	0	                                                                                    
1999	1	0	                                                                                    
2000	1	0	                                                                                    
1971	1	2453	                                                                                    
1983	1	497	                                                                                    
1976	1	4265	                                                                                    
1975	1	-1118	                                                                                    
1977	1	-2047	                                                                                    
1286	1	2414	                                                                                    
102	1	3941	                                                                                    
904	1	1692	                                                                                    
1044	1	-1608	                                                                                    
719	1	-1851	                                                                                    
923	1	-2151	                                                                                    
1156	1	1153	                                                                                    
1674	1	-4224	                                                                                    
1215	1	-2568	                                                                                    
1441	1	-376	                                                                                    
1757	1	-4739	                                                                                    
140	1	-1042	                                                                                    
766	1	1743	                                                                                    
1382	1	1073	                                                                                    
1508	1	4206	                                                                                    
1219	1	1561	                                                                                    
578	1	-1606	                                                                                    
986	1	-4237	                                                                                    
331	1	-758	                                                                                    
6	1	-1075	                                                                                    
1841	1	3676	                                                                                    
1534	1	-4292	                                                                                    
375	1	-118	                                                                                    
1228	1	-6677	                                                                                    
651	1	-4048	                                                                                    
76	1	2598	                                                                                    
1945	1	761	                                                                                    
822	1	388	                                                                                    
275	1	1082	                                                                                    
512	1	-1062	                                                                                    
1619	1	-7461	                                                                                    
203	1	-2138	                                                                                    
485	1	6614	                                                                                    
1808	1	-5947	                                                                                    
1744	1	909	                                                                                    
\.


--
-- Data for Name: pgbench_branches; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.pgbench_branches (bid, bbalance, filler) FROM stdin;
1	8364	\N
\.


--
-- Data for Name: pgbench_history; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.pgbench_history (tid, bid, aid, delta, mtime, filler) FROM stdin;
4	1	1286	2414	2026-11-21 16:49:30.304376	\N
7	1	102	3941	2026-11-21 16:49:30.310425	\N
1	1	904	1692	2026-11-21 16:49:30.312722	\N
8	1	1044	-1608	2026-11-21 16:49:30.316594	\N
6	1	375	1589	2026-11-21 16:49:30.324882	\N
3	1	719	-1851	2026-11-21 16:49:30.334562	\N
5	1	923	-2151	2026-11-21 16:49:30.345282	\N
5	1	1156	1153	2026-11-21 16:49:30.350264	\N
9	1	1674	-4224	2026-11-21 16:49:30.356663	\N
3	1	485	4545	2026-11-21 16:49:30.369467	\N
10	1	1215	-2568	2026-11-21 16:49:30.375108	\N
3	1	1441	-376	2026-11-21 16:49:30.384771	\N
1	1	1757	-4739	2026-11-21 16:49:30.389082	\N
9	1	140	-1042	2026-11-21 16:49:30.394767	\N
2	1	766	1743	2026-11-21 16:49:30.406371	\N
5	1	1382	1073	2026-11-21 16:49:30.409921	\N
9	1	1285	4053	2026-11-21 16:49:30.410686	\N
10	1	1508	4206	2026-11-21 16:49:30.414612	\N
7	1	1157	-4037	2026-11-21 16:49:30.420498	\N
3	1	1219	1561	2026-11-21 16:49:30.437739	\N
7	1	1619	-4792	2026-11-21 16:49:30.446685	\N
5	1	1057	4914	2026-11-21 16:49:30.44907	\N
9	1	749	-244	2026-11-21 16:49:30.463818	\N
6	1	578	-1606	2026-11-21 16:49:30.475312	\N
10	1	986	-4237	2026-11-21 16:49:30.480328	\N
2	1	893	2834	2026-11-21 16:49:30.49598	\N
8	1	567	-1558	2026-11-21 16:49:30.513172	\N
3	1	180	-1210	2026-11-21 16:49:30.524525	\N
3	1	1668	3582	2026-11-21 16:49:30.530884	\N
6	1	331	-758	2026-11-21 16:49:30.536447	\N
1	1	1735	1908	2026-11-21 16:49:30.541274	\N
4	1	1618	-3775	2026-11-21 16:49:30.560557	\N
2	1	993	3840	2026-11-21 16:49:30.56511	\N
7	1	333	-545	2026-11-21 16:49:30.568973	\N
7	1	1228	-1926	2026-11-21 16:49:30.584498	\N
5	1	1284	-2430	2026-11-21 16:49:30.59611	\N
6	1	872	1268	2026-11-21 16:49:30.598661	\N
4	1	155	-2332	2026-11-21 16:49:30.606371	\N
6	1	1808	-4789	2026-11-21 16:49:30.616475	\N
7	1	71	-2446	2026-11-21 16:49:30.623049	\N
9	1	877	-4615	2026-11-21 16:49:30.626483	\N
3	1	6	-1075	2026-11-21 16:49:30.636511	\N
2	1	1821	4527	2026-11-21 16:49:30.648514	\N
2	1	1841	3676	2026-11-21 16:49:30.665181	\N
2	1	935	1021	2026-11-21 16:49:30.669955	\N
3	1	1862	1198	2026-11-21 16:49:30.676992	\N
7	1	1420	-3168	2026-11-21 16:49:30.682922	\N
8	1	1470	-717	2026-11-21 16:49:30.68936	\N
7	1	1435	3046	2026-11-21 16:49:30.700431	\N
10	1	1534	-4292	2026-11-21 16:49:30.706697	\N
10	1	375	-1707	2026-11-21 16:49:30.71527	\N
6	1	1870	-2538	2026-11-21 16:49:30.722847	\N
3	1	1687	-4033	2026-11-21 16:49:30.727167	\N
2	1	1634	-760	2026-11-21 16:49:30.736567	\N
4	1	1001	-3625	2026-11-21 16:49:30.741807	\N
7	1	1335	-3389	2026-11-21 16:49:30.747714	\N
9	1	822	3409	2026-11-21 16:49:30.75059	\N
7	1	1170	-3745	2026-11-21 16:49:30.760811	\N
9	1	332	-4392	2026-11-21 16:49:30.768915	\N
9	1	53	-2753	2026-11-21 16:49:30.772775	\N
1	1	109	-2537	2026-11-21 16:49:30.78764	\N
5	1	1228	-4751	2026-11-21 16:49:30.795571	\N
2	1	651	-4048	2026-11-21 16:49:30.799436	\N
7	1	825	-633	2026-11-21 16:49:30.808518	\N
1	1	76	2598	2026-11-21 16:49:30.815355	\N
6	1	1971	2453	2026-11-21 16:49:30.824787	\N
1	1	358	1706	2026-11-21 16:49:30.836346	\N
8	1	900	-65	2026-11-21 16:49:30.842468	\N
5	1	1851	-4766	2026-11-21 16:49:30.846111	\N
7	1	1340	3652	2026-11-21 16:49:30.852294	\N
6	1	995	-3229	2026-11-21 16:49:30.864709	\N
4	1	1112	-4315	2026-11-21 16:49:30.871655	\N
9	1	1945	761	2026-11-21 16:49:30.879096	\N
3	1	1179	-1802	2026-11-21 16:49:30.888521	\N
1	1	822	-3021	2026-11-21 16:49:30.895914	\N
5	1	1021	-2721	2026-11-21 16:49:30.911159	\N
4	1	1623	521	2026-11-21 16:49:30.917484	\N
10	1	1904	-2017	2026-11-21 16:49:30.92853	\N
8	1	1327	-1557	2026-11-21 16:49:30.936512	\N
6	1	713	-1954	2026-11-21 16:49:30.940315	\N
9	1	1370	3301	2026-11-21 16:49:30.949462	\N
2	1	1714	4706	2026-11-21 16:49:30.962156	\N
8	1	275	1082	2026-11-21 16:49:30.968929	\N
1	1	1711	4123	2026-11-21 16:49:30.973577	\N
7	1	1744	4103	2026-11-21 16:49:30.982328	\N
6	1	1339	476	2026-11-21 16:49:30.991179	\N
2	1	1983	497	2026-11-21 16:49:31.00185	\N
1	1	1108	13	2026-11-21 16:49:31.005481	\N
7	1	262	-657	2026-11-21 16:49:31.016487	\N
9	1	512	-1062	2026-11-21 16:49:31.024478	\N
10	1	836	2875	2026-11-21 16:49:31.034513	\N
1	1	1094	4487	2026-11-21 16:49:31.035646	\N
9	1	139	3	2026-11-21 16:49:31.043002	\N
6	1	1294	-3501	2026-11-21 16:49:31.055129	\N
8	1	1619	-2669	2026-11-21 16:49:31.060505	\N
7	1	1842	-4243	2026-11-21 16:49:31.067559	\N
8	1	515	-1034	2026-11-21 16:49:31.076162	\N
2	1	627	2178	2026-11-21 16:49:31.080498	\N
1	1	577	3163	2026-11-21 16:49:31.084618	\N
5	1	1550	-46	2026-11-21 16:49:31.08591	\N
4	1	1082	241	2026-11-21 16:49:31.092357	\N
7	1	450	-3359	2026-11-21 16:49:31.096424	\N
5	1	1812	1512	2026-11-21 16:49:31.098753	\N
9	1	34	-1690	2026-11-21 16:49:31.108499	\N
4	1	496	-3878	2026-11-21 16:49:31.112035	\N
6	1	1582	4042	2026-11-21 16:49:31.118664	\N
6	1	418	-3918	2026-11-21 16:49:31.123107	\N
3	1	833	817	2026-11-21 16:49:31.130062	\N
6	1	1751	-4624	2026-11-21 16:49:31.132477	\N
3	1	1296	-1368	2026-11-21 16:49:31.138568	\N
1	1	526	-2576	2026-11-21 16:49:31.140822	\N
5	1	1292	4167	2026-11-21 16:49:31.14633	\N
6	1	1307	692	2026-11-21 16:49:31.156679	\N
1	1	780	-2661	2026-11-21 16:49:31.16008	\N
7	1	787	424	2026-11-21 16:49:31.163949	\N
1	1	1944	2203	2026-11-21 16:49:31.165582	\N
6	1	475	3452	2026-11-21 16:49:31.172825	\N
7	1	906	-3456	2026-11-21 16:49:31.182279	\N
2	1	203	-2138	2026-11-21 16:49:31.184505	\N
4	1	1976	4265	2026-11-21 16:49:31.192276	\N
5	1	1447	-3932	2026-11-21 16:49:31.204506	\N
8	1	1739	-1263	2026-11-21 16:49:31.209133	\N
7	1	1118	-2333	2026-11-21 16:49:31.216497	\N
4	1	1000	-629	2026-11-21 16:49:31.224441	\N
9	1	873	658	2026-11-21 16:49:31.230563	\N
2	1	332	4344	2026-11-21 16:49:31.236489	\N
3	1	115	-962	2026-11-21 16:49:31.242516	\N
9	1	1586	3484	2026-11-21 16:49:31.256526	\N
4	1	1935	-2266	2026-11-21 16:49:31.264745	\N
6	1	672	-4257	2026-11-21 16:49:31.276527	\N
8	1	1018	331	2026-11-21 16:49:31.283334	\N
5	1	1782	2988	2026-11-21 16:49:31.287048	\N
10	1	856	2230	2026-11-21 16:49:31.296214	\N
2	1	1854	-323	2026-11-21 16:49:31.308475	\N
3	1	656	-357	2026-11-21 16:49:31.316806	\N
10	1	831	529	2026-11-21 16:49:31.317428	\N
5	1	622	-672	2026-11-21 16:49:31.332648	\N
7	1	1421	-205	2026-11-21 16:49:31.342118	\N
2	1	834	-1354	2026-11-21 16:49:31.344763	\N
10	1	321	1954	2026-11-21 16:49:31.364416	\N
10	1	285	4416	2026-11-21 16:49:31.372467	\N
9	1	600	197	2026-11-21 16:49:31.38047	\N
10	1	1411	-2101	2026-11-21 16:49:31.384423	\N
6	1	1037	2553	2026-11-21 16:49:31.390266	\N
8	1	1139	4921	2026-11-21 16:49:31.397325	\N
6	1	1321	3078	2026-11-21 16:49:31.406892	\N
2	1	1691	-354	2026-11-21 16:49:31.420951	\N
9	1	1437	161	2026-11-21 16:49:31.428496	\N
6	1	21	-2053	2026-11-21 16:49:31.438948	\N
7	1	1009	-2384	2026-11-21 16:49:31.441988	\N
6	1	587	2733	2026-11-21 16:49:31.452486	\N
9	1	1658	4080	2026-11-21 16:49:31.464585	\N
7	1	78	1430	2026-11-21 16:49:31.469155	\N
1	1	1846	2631	2026-11-21 16:49:31.477385	\N
9	1	673	4755	2026-11-21 16:49:31.482775	\N
9	1	1453	4387	2026-11-21 16:49:31.492433	\N
1	1	752	3192	2026-11-21 16:49:31.498834	\N
9	1	31	4414	2026-11-21 16:49:31.508574	\N
6	1	1173	2282	2026-11-21 16:49:31.513574	\N
10	1	784	-216	2026-11-21 16:49:31.521544	\N
2	1	695	-2316	2026-11-21 16:49:31.532491	\N
7	1	1035	3990	2026-11-21 16:49:31.54165	\N
6	1	1136	-4693	2026-11-21 16:49:31.548643	\N
1	1	830	4088	2026-11-21 16:49:31.560497	\N
2	1	756	2392	2026-11-21 16:49:31.566504	\N
4	1	597	-4136	2026-11-21 16:49:31.572666	\N
8	1	452	-910	2026-11-21 16:49:31.57953	\N
7	1	289	-4437	2026-11-21 16:49:31.581862	\N
7	1	269	192	2026-11-21 16:49:31.585016	\N
1	1	198	712	2026-11-21 16:49:31.58572	\N
3	1	253	809	2026-11-21 16:49:31.595167	\N
8	1	594	-909	2026-11-21 16:49:31.596042	\N
5	1	368	4430	2026-11-21 16:49:31.60321	\N
8	1	1191	-4590	2026-11-21 16:49:31.605419	\N
7	1	1419	1882	2026-11-21 16:49:31.60851	\N
5	1	717	-47	2026-11-21 16:49:31.61122	\N
3	1	396	4310	2026-11-21 16:49:31.613817	\N
2	1	1975	-1118	2026-11-21 16:49:31.615954	\N
2	1	1131	4028	2026-11-21 16:49:31.617522	\N
10	1	781	2495	2026-11-21 16:49:31.618403	\N
4	1	1559	3051	2026-11-21 16:49:31.621911	\N
3	1	1691	-2392	2026-11-21 16:49:31.623099	\N
5	1	898	-4728	2026-11-21 16:49:31.626036	\N
2	1	645	2645	2026-11-21 16:49:31.628522	\N
3	1	279	2531	2026-11-21 16:49:31.630371	\N
3	1	1558	4385	2026-11-21 16:49:31.633689	\N
7	1	630	-979	2026-11-21 16:49:31.63726	\N
10	1	525	-1735	2026-11-21 16:49:31.639836	\N
2	1	1171	-889	2026-11-21 16:49:31.641267	\N
4	1	1491	2896	2026-11-21 16:49:31.64223	\N
3	1	987	-141	2026-11-21 16:49:31.642998	\N
7	1	848	-244	2026-11-21 16:49:31.649903	\N
9	1	1133	-765	2026-11-21 16:49:31.651364	\N
8	1	35	981	2026-11-21 16:49:31.653146	\N
6	1	830	337	2026-11-21 16:49:31.653692	\N
6	1	328	-69	2026-11-21 16:49:31.663194	\N
6	1	1879	-3264	2026-11-21 16:49:31.664514	\N
10	1	1796	-572	2026-11-21 16:49:31.666402	\N
8	1	575	-3178	2026-11-21 16:49:31.669078	\N
1	1	4	-3224	2026-11-21 16:49:31.672652	\N
7	1	47	4087	2026-11-21 16:49:31.676511	\N
4	1	1453	-2260	2026-11-21 16:49:31.677033	\N
4	1	1493	-1375	2026-11-21 16:49:31.684433	\N
4	1	1522	-376	2026-11-21 16:49:31.685693	\N
2	1	1033	3087	2026-11-21 16:49:31.688496	\N
10	1	787	-3239	2026-11-21 16:49:31.694035	\N
7	1	689	300	2026-11-21 16:49:31.697328	\N
3	1	1030	232	2026-11-21 16:49:31.702598	\N
3	1	1646	-4904	2026-11-21 16:49:31.705631	\N
3	1	90	2489	2026-11-21 16:49:31.716511	\N
3	1	1977	-2047	2026-11-21 16:49:31.720507	\N
2	1	738	-4557	2026-11-21 16:49:31.724621	\N
10	1	1830	1692	2026-11-21 16:49:31.7285	\N
8	1	1478	-903	2026-11-21 16:49:31.732126	\N
5	1	94	194	2026-11-21 16:49:31.740491	\N
5	1	1707	-140	2026-11-21 16:49:31.742311	\N
2	1	1729	-1519	2026-11-21 16:49:31.744451	\N
8	1	1830	4874	2026-11-21 16:49:31.745444	\N
9	1	223	-1987	2026-11-21 16:49:31.747372	\N
10	1	1122	4138	2026-11-21 16:49:31.752747	\N
3	1	1073	2714	2026-11-21 16:49:31.759926	\N
10	1	1301	723	2026-11-21 16:49:31.767487	\N
7	1	894	-1727	2026-11-21 16:49:31.77649	\N
10	1	623	58	2026-11-21 16:49:31.788448	\N
10	1	635	-4775	2026-11-21 16:49:31.79558	\N
3	1	87	3032	2026-11-21 16:49:31.800486	\N
1	1	938	-4452	2026-11-21 16:49:31.808488	\N
1	1	1509	2024	2026-11-21 16:49:31.818663	\N
4	1	527	-710	2026-11-21 16:49:31.828502	\N
10	1	770	-3153	2026-11-21 16:49:31.836502	\N
9	1	1208	573	2026-11-21 16:49:31.843526	\N
6	1	701	2928	2026-11-21 16:49:31.844063	\N
3	1	1810	-1048	2026-11-21 16:49:31.856512	\N
10	1	98	-3689	2026-11-21 16:49:31.860648	\N
8	1	1485	-1334	2026-11-21 16:49:31.868493	\N
9	1	1423	-2162	2026-11-21 16:49:31.871264	\N
5	1	1552	3468	2026-11-21 16:49:31.878925	\N
1	1	1584	3452	2026-11-21 16:49:31.888454	\N
9	1	536	3916	2026-11-21 16:49:31.896339	\N
7	1	1470	4754	2026-11-21 16:49:31.903926	\N
10	1	1611	-3600	2026-11-21 16:49:31.908485	\N
3	1	1284	4920	2026-11-21 16:49:31.916484	\N
4	1	1002	-1589	2026-11-21 16:49:31.921191	\N
3	1	495	4435	2026-11-21 16:49:31.930892	\N
6	1	345	4974	2026-11-21 16:49:31.936504	\N
7	1	1482	-61	2026-11-21 16:49:31.944476	\N
4	1	1818	-1696	2026-11-21 16:49:31.949248	\N
6	1	1135	3806	2026-11-21 16:49:31.954355	\N
8	1	641	4968	2026-11-21 16:49:31.956774	\N
4	1	425	-1410	2026-11-21 16:49:31.965984	\N
8	1	653	835	2026-11-21 16:49:31.967643	\N
2	1	1520	4191	2026-11-21 16:49:31.971287	\N
9	1	666	-3842	2026-11-21 16:49:31.972465	\N
3	1	1880	1017	2026-11-21 16:49:31.977654	\N
6	1	295	542	2026-11-21 16:49:31.98154	\N
4	1	557	1464	2026-11-21 16:49:31.982291	\N
2	1	475	-1386	2026-11-21 16:49:31.983949	\N
5	1	1513	-1611	2026-11-21 16:49:31.988382	\N
10	1	1099	-2605	2026-11-21 16:49:31.992489	\N
7	1	55	-4548	2026-11-21 16:49:31.993265	\N
2	1	1064	580	2026-11-21 16:49:31.995573	\N
10	1	1074	-4770	2026-11-21 16:49:31.998169	\N
4	1	861	-1011	2026-11-21 16:49:32.000486	\N
1	1	1934	-4131	2026-11-21 16:49:32.004556	\N
4	1	345	-2704	2026-11-21 16:49:32.008439	\N
2	1	108	4964	2026-11-21 16:49:32.020727	\N
7	1	779	-806	2026-11-21 16:49:32.021371	\N
10	1	549	4035	2026-11-21 16:49:32.032495	\N
10	1	1776	-4195	2026-11-21 16:49:32.045707	\N
8	1	1937	2535	2026-11-21 16:49:32.0545	\N
3	1	48	-4952	2026-11-21 16:49:32.064555	\N
3	1	432	-373	2026-11-21 16:49:32.071508	\N
4	1	1778	3844	2026-11-21 16:49:32.080959	\N
2	1	1564	-3473	2026-11-21 16:49:32.083885	\N
10	1	1528	3456	2026-11-21 16:49:32.092483	\N
2	1	1916	-3992	2026-11-21 16:49:32.104492	\N
3	1	608	-3658	2026-11-21 16:49:32.1125	\N
8	1	1762	-4786	2026-11-21 16:49:32.120341	\N
9	1	485	2069	2026-11-21 16:49:32.125806	\N
8	1	1043	3617	2026-11-21 16:49:32.132512	\N
9	1	1265	4413	2026-11-21 16:49:32.144576	\N
10	1	521	-1836	2026-11-21 16:49:32.14838	\N
1	1	52	4175	2026-11-21 16:49:32.164325	\N
1	1	1803	4413	2026-11-21 16:49:32.171724	\N
1	1	1808	-1158	2026-11-21 16:49:32.18478	\N
8	1	1459	190	2026-11-21 16:49:32.185276	\N
7	1	261	2476	2026-11-21 16:49:32.192489	\N
9	1	1744	-3194	2026-11-21 16:49:32.196492	\N
6	1	712	4578	2026-11-21 16:49:32.215779	\N
3	1	701	-3349	2026-11-21 16:49:32.224947	\N
6	1	1599	237	2026-11-21 16:49:32.231728	\N
1	1	1842	3960	2026-11-21 16:49:32.232432	\N
9	1	144	-602	2026-11-21 16:49:32.236551	\N
1	1	161	-898	2026-11-21 16:49:32.242496	\N
5	1	1541	-1720	2026-11-21 16:49:32.245619	\N
4	1	1085	4394	2026-11-21 16:49:32.251875	\N
6	1	784	-2929	2026-11-21 16:49:32.254501	\N
5	1	1918	3783	2026-11-21 16:49:32.262749	\N
7	1	1823	2394	2026-11-21 16:49:32.268647	\N
7	1	167	3344	2026-11-21 16:49:32.272722	\N
\.


--
-- Data for Name: pgbench_tellers; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.pgbench_tellers (tid, bid, tbalance, filler) FROM stdin;
2	1	23026	\N
10	1	-18500	\N
8	1	-2747	\N
3	1	6679	\N
9	1	12060	\N
1	1	21143	\N
4	1	-14997	\N
6	1	-2162	\N
5	1	-2033	\N
7	1	-14105	\N
\.


--
-- Data for Name: customer; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.customer (id, name, email, mood, home, tags, extra, born, seen, token, photo) FROM stdin;
1	Ada	ada@example.org	happy	("Row ""1"", \\\\ street",12345)	{a,"b c","NULL",NULL,"q\\"uote"}	{"a": [1, 2.50, null], "ä": "ü\\n"}	1815-12-10	2024-01-01 00:00:00+00	00112233-4455-6677-8899-aabbccddeeff	\\x00ff5c27
2	tab\there\nand line\\	\N	sad	\N	\N	\N	\N	2024-01-01 00:00:00+00	\N	\\x
3	你好 😀		ok	(,"     ")	{}	[]	infinity	2024-01-01 00:00:00+00	\N	\N
\.


--
-- Data for Name: measure_2023; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.measure_2023 (day, v) FROM stdin;
2023-07-01	1
2023-07-31	2
2023-08-30	3
2023-09-29	4
2023-10-29	5
2023-11-28	6
2023-12-28	7
\.


--
-- Data for Name: measure_rest; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.measure_rest (day, v) FROM stdin;
2024-01-27	8
2024-02-26	9
2024-03-27	10
2024-04-26	11
2024-05-26	12
2024-06-25	13
2024-07-25	14
2024-08-24	15
2024-09-23	16
2024-10-23	17
2024-11-22	18
2024-12-22	19
2025-01-21	20
\.


--
-- Data for Name: orders; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.orders (id, customer_id, code, variant, quantity, at) FROM stdin;
1	2	p2	2	2	2024-02-29 00:00:00
2	3	p3	0	3	2024-02-29 01:00:00
3	1	p4	1	4	2024-02-29 02:00:00
4	2	p5	2	5	2024-02-29 03:00:00
5	3	p6	0	6	2024-02-29 04:00:00
6	1	p7	1	7	2024-02-29 05:00:00
7	2	p8	2	8	2024-02-29 06:00:00
8	3	p9	0	9	2024-02-29 07:00:00
9	1	p10	1	1	2024-02-29 08:00:00
10	2	p11	2	2	2024-02-29 09:00:00
11	3	p12	0	3	2024-02-29 10:00:00
12	1	p13	1	4	2024-02-29 11:00:00
13	2	p14	2	5	2024-02-29 12:00:00
14	3	p15	0	6	2024-02-29 13:00:00
15	1	p16	1	7	2024-02-29 14:00:00
16	2	p17	2	8	2024-02-29 15:00:00
17	3	p18	0	9	2024-02-29 16:00:00
18	1	p19	1	1	2024-02-29 17:00:00
19	2	p20	2	2	2024-02-29 18:00:00
20	3	p21	0	3	2024-02-29 19:00:00
21	1	p22	1	4	2024-02-29 20:00:00
22	2	p23	2	5	2024-02-29 21:00:00
23	3	p24	0	6	2024-02-29 22:00:00
24	1	p25	1	7	2024-02-29 23:00:00
25	2	p26	2	8	2024-03-01 00:00:00
26	3	p27	0	9	2024-03-01 01:00:00
27	1	p28	1	1	2024-03-01 02:00:00
28	2	p29	2	2	2024-03-01 03:00:00
29	3	p30	0	3	2024-03-01 04:00:00
30	1	p31	1	4	2024-03-01 05:00:00
31	2	p32	2	5	2024-03-01 06:00:00
32	3	p33	0	6	2024-03-01 07:00:00
33	1	p34	1	7	2024-03-01 08:00:00
34	2	p35	2	8	2024-03-01 09:00:00
35	3	p36	0	9	2024-03-01 10:00:00
36	1	p37	1	1	2024-03-01 11:00:00
37	2	p38	2	2	2024-03-01 12:00:00
38	3	p39	0	3	2024-03-01 13:00:00
39	1	p40	1	4	2024-03-01 14:00:00
40	2	p41	2	5	2024-03-01 15:00:00
41	3	p42	0	6	2024-03-01 16:00:00
42	1	p43	1	7	2024-03-01 17:00:00
43	2	p44	2	8	2024-03-01 18:00:00
44	3	p45	0	9	2024-03-01 19:00:00
45	1	p46	1	1	2024-03-01 20:00:00
46	2	p47	2	2	2024-03-01 21:00:00
47	3	p48	0	3	2024-03-01 22:00:00
48	1	p49	1	4	2024-03-01 23:00:00
49	2	p50	2	5	2024-03-02 00:00:00
50	3	p1	1	6	2024-03-02 01:00:00
51	1	p2	2	7	2024-03-02 02:00:00
52	2	p3	0	8	2024-03-02 03:00:00
53	3	p4	1	9	2024-03-02 04:00:00
54	1	p5	2	1	2024-03-02 05:00:00
55	2	p6	0	2	2024-03-02 06:00:00
56	3	p7	1	3	2024-03-02 07:00:00
57	1	p8	2	4	2024-03-02 08:00:00
58	2	p9	0	5	2024-03-02 09:00:00
59	3	p10	1	6	2024-03-02 10:00:00
60	1	p11	2	7	2024-03-02 11:00:00
61	2	p12	0	8	2024-03-02 12:00:00
62	3	p13	1	9	2024-03-02 13:00:00
63	1	p14	2	1	2024-03-02 14:00:00
64	2	p15	0	2	2024-03-02 15:00:00
65	3	p16	1	3	2024-03-02 16:00:00
66	1	p17	2	4	2024-03-02 17:00:00
67	2	p18	0	5	2024-03-02 18:00:00
68	3	p19	1	6	2024-03-02 19:00:00
69	1	p20	2	7	2024-03-02 20:00:00
70	2	p21	0	8	2024-03-02 21:00:00
71	3	p22	1	9	2024-03-02 22:00:00
72	1	p23	2	1	2024-03-02 23:00:00
73	2	p24	0	2	2024-03-03 00:00:00
74	3	p25	1	3	2024-03-03 01:00:00
75	1	p26	2	4	2024-03-03 02:00:00
76	2	p27	0	5	2024-03-03 03:00:00
77	3	p28	1	6	2024-03-03 04:00:00
78	1	p29	2	7	2024-03-03 05:00:00
79	2	p30	0	8	2024-03-03 06:00:00
80	3	p31	1	9	2024-03-03 07:00:00
81	1	p32	2	1	2024-03-03 08:00:00
82	2	p33	0	2	2024-03-03 09:00:00
83	3	p34	1	3	2024-03-03 10:00:00
84	1	p35	2	4	2024-03-03 11:00:00
85	2	p36	0	5	2024-03-03 12:00:00
86	3	p37	1	6	2024-03-03 13:00:00
87	1	p38	2	7	2024-03-03 14:00:00
88	2	p39	0	8	2024-03-03 15:00:00
89	3	p40	1	9	2024-03-03 16:00:00
90	1	p41	2	1	2024-03-03 17:00:00
91	2	p42	0	2	2024-03-03 18:00:00
92	3	p43	1	3	2024-03-03 19:00:00
93	1	p44	2	4	2024-03-03 20:00:00
94	2	p45	0	5	2024-03-03 21:00:00
95	3	p46	1	6	2024-03-03 22:00:00
96	1	p47	2	7	2024-03-03 23:00:00
97	2	p48	0	8	2024-03-04 00:00:00
98	3	p49	1	9	2024-03-04 01:00:00
99	1	p50	2	1	2024-03-04 02:00:00
100	2	p1	1	2	2024-03-04 03:00:00
101	3	p2	2	3	2024-03-04 04:00:00
102	1	p3	0	4	2024-03-04 05:00:00
103	2	p4	1	5	2024-03-04 06:00:00
104	3	p5	2	6	2024-03-04 07:00:00
105	1	p6	0	7	2024-03-04 08:00:00
106	2	p7	1	8	2024-03-04 09:00:00
107	3	p8	2	9	2024-03-04 10:00:00
108	1	p9	0	1	2024-03-04 11:00:00
109	2	p10	1	2	2024-03-04 12:00:00
110	3	p11	2	3	2024-03-04 13:00:00
111	1	p12	0	4	2024-03-04 14:00:00
112	2	p13	1	5	2024-03-04 15:00:00
113	3	p14	2	6	2024-03-04 16:00:00
114	1	p15	0	7	2024-03-04 17:00:00
115	2	p16	1	8	2024-03-04 18:00:00
116	3	p17	2	9	2024-03-04 19:00:00
117	1	p18	0	1	2024-03-04 20:00:00
118	2	p19	1	2	2024-03-04 21:00:00
119	3	p20	2	3	2024-03-04 22:00:00
120	1	p21	0	4	2024-03-04 23:00:00
121	2	p22	1	5	2024-03-05 00:00:00
122	3	p23	2	6	2024-03-05 01:00:00
123	1	p24	0	7	2024-03-05 02:00:00
124	2	p25	1	8	2024-03-05 03:00:00
125	3	p26	2	9	2024-03-05 04:00:00
126	1	p27	0	1	2024-03-05 05:00:00
127	2	p28	1	2	2024-03-05 06:00:00
128	3	p29	2	3	2024-03-05 07:00:00
129	1	p30	0	4	2024-03-05 08:00:00
130	2	p31	1	5	2024-03-05 09:00:00
131	3	p32	2	6	2024-03-05 10:00:00
132	1	p33	0	7	2024-03-05 11:00:00
133	2	p34	1	8	2024-03-05 12:00:00
134	3	p35	2	9	2024-03-05 13:00:00
135	1	p36	0	1	2024-03-05 14:00:00
136	2	p37	1	2	2024-03-05 15:00:00
137	3	p38	2	3	2024-03-05 16:00:00
138	1	p39	0	4	2024-03-05 17:00:00
139	2	p40	1	5	2024-03-05 18:00:00
140	3	p41	2	6	2024-03-05 19:00:00
141	1	p42	0	7	2024-03-05 20:00:00
142	2	p43	1	8	2024-03-05 21:00:00
143	3	p44	2	9	2024-03-05 22:00:00
144	1	p45	0	1	2024-03-05 23:00:00
145	2	p46	1	2	2024-03-06 00:00:00
146	3	p47	2	3	2024-03-06 01:00:00
147	1	p48	0	4	2024-03-06 02:00:00
148	2	p49	1	5	2024-03-06 03:00:00
149	3	p50	2	6	2024-03-06 04:00:00
150	1	p1	1	7	2024-03-06 05:00:00
151	2	p2	2	8	2024-03-06 06:00:00
152	3	p3	0	9	2024-03-06 07:00:00
153	1	p4	1	1	2024-03-06 08:00:00
154	2	p5	2	2	2024-03-06 09:00:00
155	3	p6	0	3	2024-03-06 10:00:00
156	1	p7	1	4	2024-03-06 11:00:00
157	2	p8	2	5	2024-03-06 12:00:00
158	3	p9	0	6	2024-03-06 13:00:00
159	1	p10	1	7	2024-03-06 14:00:00
160	2	p11	2	8	2024-03-06 15:00:00
161	3	p12	0	9	2024-03-06 16:00:00
162	1	p13	1	1	2024-03-06 17:00:00
163	2	p14	2	2	2024-03-06 18:00:00
164	3	p15	0	3	2024-03-06 19:00:00
165	1	p16	1	4	2024-03-06 20:00:00
166	2	p17	2	5	2024-03-06 21:00:00
167	3	p18	0	6	2024-03-06 22:00:00
168	1	p19	1	7	2024-03-06 23:00:00
169	2	p20	2	8	2024-03-07 00:00:00
170	3	p21	0	9	2024-03-07 01:00:00
171	1	p22	1	1	2024-03-07 02:00:00
172	2	p23	2	2	2024-03-07 03:00:00
173	3	p24	0	3	2024-03-07 04:00:00
174	1	p25	1	4	2024-03-07 05:00:00
175	2	p26	2	5	2024-03-07 06:00:00
176	3	p27	0	6	2024-03-07 07:00:00
177	1	p28	1	7	2024-03-07 08:00:00
178	2	p29	2	8	2024-03-07 09:00:00
179	3	p30	0	9	2024-03-07 10:00:00
180	1	p31	1	1	2024-03-07 11:00:00
181	2	p32	2	2	2024-03-07 12:00:00
182	3	p33	0	3	2024-03-07 13:00:00
183	1	p34	1	4	2024-03-07 14:00:00
184	2	p35	2	5	2024-03-07 15:00:00
185	3	p36	0	6	2024-03-07 16:00:00
186	1	p37	1	7	2024-03-07 17:00:00
187	2	p38	2	8	2024-03-07 18:00:00
188	3	p39	0	9	2024-03-07 19:00:00
189	1	p40	1	1	2024-03-07 20:00:00
190	2	p41	2	2	2024-03-07 21:00:00
191	3	p42	0	3	2024-03-07 22:00:00
192	1	p43	1	4	2024-03-07 23:00:00
193	2	p44	2	5	2024-03-08 00:00:00
194	3	p45	0	6	2024-03-08 01:00:00
195	1	p46	1	7	2024-03-08 02:00:00
196	2	p47	2	8	2024-03-08 03:00:00
197	3	p48	0	9	2024-03-08 04:00:00
198	1	p49	1	1	2024-03-08 05:00:00
199	2	p50	2	2	2024-03-08 06:00:00
200	3	p1	1	3	2024-03-08 07:00:00
201	1	p2	2	4	2024-03-08 08:00:00
202	2	p3	0	5	2024-03-08 09:00:00
203	3	p4	1	6	2024-03-08 10:00:00
204	1	p5	2	7	2024-03-08 11:00:00
205	2	p6	0	8	2024-03-08 12:00:00
206	3	p7	1	9	2024-03-08 13:00:00
207	1	p8	2	1	2024-03-08 14:00:00
208	2	p9	0	2	2024-03-08 15:00:00
209	3	p10	1	3	2024-03-08 16:00:00
210	1	p11	2	4	2024-03-08 17:00:00
211	2	p12	0	5	2024-03-08 18:00:00
212	3	p13	1	6	2024-03-08 19:00:00
213	1	p14	2	7	2024-03-08 20:00:00
214	2	p15	0	8	2024-03-08 21:00:00
215	3	p16	1	9	2024-03-08 22:00:00
216	1	p17	2	1	2024-03-08 23:00:00
217	2	p18	0	2	2024-03-09 00:00:00
218	3	p19	1	3	2024-03-09 01:00:00
219	1	p20	2	4	2024-03-09 02:00:00
220	2	p21	0	5	2024-03-09 03:00:00
221	3	p22	1	6	2024-03-09 04:00:00
222	1	p23	2	7	2024-03-09 05:00:00
223	2	p24	0	8	2024-03-09 06:00:00
224	3	p25	1	9	2024-03-09 07:00:00
225	1	p26	2	1	2024-03-09 08:00:00
226	2	p27	0	2	2024-03-09 09:00:00
227	3	p28	1	3	2024-03-09 10:00:00
228	1	p29	2	4	2024-03-09 11:00:00
229	2	p30	0	5	2024-03-09 12:00:00
230	3	p31	1	6	2024-03-09 13:00:00
231	1	p32	2	7	2024-03-09 14:00:00
232	2	p33	0	8	2024-03-09 15:00:00
233	3	p34	1	9	2024-03-09 16:00:00
234	1	p35	2	1	2024-03-09 17:00:00
235	2	p36	0	2	2024-03-09 18:00:00
236	3	p37	1	3	2024-03-09 19:00:00
237	1	p38	2	4	2024-03-09 20:00:00
238	2	p39	0	5	2024-03-09 21:00:00
239	3	p40	1	6	2024-03-09 22:00:00
240	1	p41	2	7	2024-03-09 23:00:00
241	2	p42	0	8	2024-03-10 00:00:00
242	3	p43	1	9	2024-03-10 01:00:00
243	1	p44	2	1	2024-03-10 02:00:00
244	2	p45	0	2	2024-03-10 03:00:00
245	3	p46	1	3	2024-03-10 04:00:00
246	1	p47	2	4	2024-03-10 05:00:00
247	2	p48	0	5	2024-03-10 06:00:00
248	3	p49	1	6	2024-03-10 07:00:00
249	1	p50	2	7	2024-03-10 08:00:00
250	2	p1	1	8	2024-03-10 09:00:00
251	3	p2	2	9	2024-03-10 10:00:00
252	1	p3	0	1	2024-03-10 11:00:00
253	2	p4	1	2	2024-03-10 12:00:00
254	3	p5	2	3	2024-03-10 13:00:00
255	1	p6	0	4	2024-03-10 14:00:00
256	2	p7	1	5	2024-03-10 15:00:00
257	3	p8	2	6	2024-03-10 16:00:00
258	1	p9	0	7	2024-03-10 17:00:00
259	2	p10	1	8	2024-03-10 18:00:00
260	3	p11	2	9	2024-03-10 19:00:00
261	1	p12	0	1	2024-03-10 20:00:00
262	2	p13	1	2	2024-03-10 21:00:00
263	3	p14	2	3	2024-03-10 22:00:00
264	1	p15	0	4	2024-03-10 23:00:00
265	2	p16	1	5	2024-03-11 00:00:00
266	3	p17	2	6	2024-03-11 01:00:00
267	1	p18	0	7	2024-03-11 02:00:00
268	2	p19	1	8	2024-03-11 03:00:00
269	3	p20	2	9	2024-03-11 04:00:00
270	1	p21	0	1	2024-03-11 05:00:00
271	2	p22	1	2	2024-03-11 06:00:00
272	3	p23	2	3	2024-03-11 07:00:00
273	1	p24	0	4	2024-03-11 08:00:00
274	2	p25	1	5	2024-03-11 09:00:00
275	3	p26	2	6	2024-03-11 10:00:00
276	1	p27	0	7	2024-03-11 11:00:00
277	2	p28	1	8	2024-03-11 12:00:00
278	3	p29	2	9	2024-03-11 13:00:00
279	1	p30	0	1	2024-03-11 14:00:00
280	2	p31	1	2	2024-03-11 15:00:00
281	3	p32	2	3	2024-03-11 16:00:00
282	1	p33	0	4	2024-03-11 17:00:00
283	2	p34	1	5	2024-03-11 18:00:00
284	3	p35	2	6	2024-03-11 19:00:00
285	1	p36	0	7	2024-03-11 20:00:00
286	2	p37	1	8	2024-03-11 21:00:00
287	3	p38	2	9	2024-03-11 22:00:00
288	1	p39	0	1	2024-03-11 23:00:00
289	2	p40	1	2	2024-03-12 00:00:00
290	3	p41	2	3	2024-03-12 01:00:00
291	1	p42	0	4	2024-03-12 02:00:00
292	2	p43	1	5	2024-03-12 03:00:00
293	3	p44	2	6	2024-03-12 04:00:00
294	1	p45	0	7	2024-03-12 05:00:00
295	2	p46	1	8	2024-03-12 06:00:00
296	3	p47	2	9	2024-03-12 07:00:00
297	1	p48	0	1	2024-03-12 08:00:00
298	2	p49	1	2	2024-03-12 09:00:00
299	3	p50	2	3	2024-03-12 10:00:00
300	1	p1	1	4	2024-03-12 11:00:00
\.


--
-- Data for Name: product; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.product (code, variant, price, stock, span, weight, active) FROM stdin;
p1	1	1.25	1	1 day 00:00:00.5	NaN	f
p2	2	2.50	2	2 days 00:00:01	-Infinity	t
p3	0	3.75	3	3 days 00:00:01.5	0.42857142857142855	f
p4	1	5.00	4	4 days 00:00:02	0.5714285714285714	t
p5	2	6.25	5	5 days 00:00:02.5	0.7142857142857143	f
p6	0	7.50	6	6 days 00:00:03	0.8571428571428571	t
p7	1	8.75	7	7 days 00:00:03.5	1	f
p8	2	10.00	8	8 days 00:00:04	1.1428571428571428	t
p9	0	11.25	9	9 days 00:00:04.5	1.2857142857142858	f
p10	1	12.50	10	10 days 00:00:05	1.4285714285714286	t
p11	2	13.75	11	11 days 00:00:05.5	1.5714285714285714	f
p12	0	15.00	12	12 days 00:00:06	1.7142857142857142	t
p13	1	16.25	13	13 days 00:00:06.5	1.8571428571428572	f
p14	2	17.50	14	14 days 00:00:07	2	t
p15	0	18.75	15	15 days 00:00:07.5	2.142857142857143	f
p16	1	20.00	16	16 days 00:00:08	2.2857142857142856	t
p17	2	21.25	17	17 days 00:00:08.5	2.4285714285714284	f
p18	0	22.50	18	18 days 00:00:09	2.5714285714285716	t
p19	1	23.75	19	19 days 00:00:09.5	2.7142857142857144	f
p20	2	25.00	20	20 days 00:00:10	2.857142857142857	t
p21	0	26.25	21	21 days 00:00:10.5	3	f
p22	1	27.50	22	22 days 00:00:11	3.142857142857143	t
p23	2	28.75	23	23 days 00:00:11.5	3.2857142857142856	f
p24	0	30.00	24	24 days 00:00:12	3.4285714285714284	t
p25	1	31.25	25	25 days 00:00:12.5	3.5714285714285716	f
p26	2	32.50	26	26 days 00:00:13	3.7142857142857144	t
p27	0	33.75	27	27 days 00:00:13.5	3.857142857142857	f
p28	1	35.00	28	28 days 00:00:14	4	t
p29	2	36.25	29	29 days 00:00:14.5	4.142857142857143	f
p30	0	37.50	30	30 days 00:00:15	4.285714285714286	t
p31	1	38.75	31	31 days 00:00:15.5	4.428571428571429	f
p32	2	40.00	32	32 days 00:00:16	4.571428571428571	t
p33	0	41.25	33	33 days 00:00:16.5	4.714285714285714	f
p34	1	42.50	34	34 days 00:00:17	4.857142857142857	t
p35	2	43.75	35	35 days 00:00:17.5	5	f
p36	0	45.00	36	36 days 00:00:18	5.142857142857143	t
p37	1	46.25	37	37 days 00:00:18.5	5.285714285714286	f
p38	2	47.50	38	38 days 00:00:19	5.428571428571429	t
p39	0	48.75	39	39 days 00:00:19.5	5.571428571428571	f
p40	1	50.00	40	40 days 00:00:20	5.714285714285714	t
p41	2	51.25	41	41 days 00:00:20.5	5.857142857142857	f
p42	0	52.50	42	42 days 00:00:21	6	t
p43	1	53.75	43	43 days 00:00:21.5	6.142857142857143	f
p44	2	55.00	44	44 days 00:00:22	6.285714285714286	t
p45	0	56.25	45	45 days 00:00:22.5	6.428571428571429	f
p46	1	57.50	46	46 days 00:00:23	6.571428571428571	t
p47	2	58.75	47	47 days 00:00:23.5	6.714285714285714	f
p48	0	60.00	48	48 days 00:00:24	6.857142857142857	t
p49	1	61.25	49	49 days 00:00:24.5	7	f
p50	2	62.50	50	50 days 00:00:25	7.142857142857143	t
\.


--
-- Data for Name: secret; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.secret (owner, note) FROM stdin;
postgres	mine
other	theirs
\.


--
-- Name: customer_id_seq; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.customer_id_seq', 3, true);


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.orders_id_seq', 300, true);


--
-- Name: ticket; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.ticket', 1005, true);


--
-- Name: pgbench_accounts pgbench_accounts_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_accounts
    ADD CONSTRAINT pgbench_accounts_pkey PRIMARY KEY (aid);


--
-- Name: pgbench_branches pgbench_branches_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_branches
    ADD CONSTRAINT pgbench_branches_pkey PRIMARY KEY (bid);


--
-- Name: pgbench_tellers pgbench_tellers_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_tellers
    ADD CONSTRAINT pgbench_tellers_pkey PRIMARY KEY (tid);


--
-- Name: customer customer_email_key; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.customer
    ADD CONSTRAINT customer_email_key UNIQUE (email);


--
-- Name: customer customer_pkey; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (id);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: product product_pkey; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (code, variant);


--
-- Name: customer_lower; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE INDEX customer_lower ON shop.customer USING btree (lower((name)::text));


--
-- Name: one_open; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE UNIQUE INDEX one_open ON shop.orders USING btree (customer_id) WHERE ((quantity)::integer > 100);


--
-- Name: orders_at; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE INDEX orders_at ON shop.orders USING btree (at DESC, id);


--
-- Name: product_price; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE INDEX product_price ON shop.product USING btree (price) INCLUDE (active);


--
-- Name: customer customer_touch; Type: TRIGGER; Schema: shop; Owner: postgres
--

CREATE TRIGGER customer_touch BEFORE INSERT OR UPDATE ON shop.customer FOR EACH ROW EXECUTE FUNCTION shop.touch();


--
-- Name: pgbench_accounts pgbench_accounts_bid_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_accounts
    ADD CONSTRAINT pgbench_accounts_bid_fkey FOREIGN KEY (bid) REFERENCES public.pgbench_branches(bid);


--
-- Name: pgbench_history pgbench_history_aid_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_history
    ADD CONSTRAINT pgbench_history_aid_fkey FOREIGN KEY (aid) REFERENCES public.pgbench_accounts(aid);


--
-- Name: pgbench_history pgbench_history_bid_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_history
    ADD CONSTRAINT pgbench_history_bid_fkey FOREIGN KEY (bid) REFERENCES public.pgbench_branches(bid);


--
-- Name: pgbench_history pgbench_history_tid_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_history
    ADD CONSTRAINT pgbench_history_tid_fkey FOREIGN KEY (tid) REFERENCES public.pgbench_tellers(tid);


--
-- Name: pgbench_tellers pgbench_tellers_bid_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pgbench_tellers
    ADD CONSTRAINT pgbench_tellers_bid_fkey FOREIGN KEY (bid) REFERENCES public.pgbench_branches(bid);


--
-- Name: orders orders_code_variant_fkey; Type: FK CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_code_variant_fkey FOREIGN KEY (code, variant) REFERENCES shop.product(code, variant) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: orders orders_customer_id_fkey; Type: FK CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shop.customer(id) ON DELETE CASCADE;


--
-- Name: secret own; Type: POLICY; Schema: shop; Owner: postgres
--

CREATE POLICY own ON shop.secret USING ((owner = CURRENT_USER));


--
-- Name: secret; Type: ROW SECURITY; Schema: shop; Owner: postgres
--

ALTER TABLE shop.secret ENABLE ROW LEVEL SECURITY;

--
-- Name: best; Type: MATERIALIZED VIEW DATA; Schema: shop; Owner: postgres
--

REFRESH MATERIALIZED VIEW shop.best;


--
-- PostgreSQL database dump complete
--

\unrestrict Adea8czdeHbcFrOHSHvucim5AYIfoXKTDVtkUbBczQ18QnInUTbUt9LUKrF6VkH

