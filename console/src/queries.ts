// The queries of queries.json, with values. No view makes one of its own: the indexes of production are derived from that list.

import {
  collection, documentId, limit, orderBy, query, startAfter, where,
  type CollectionReference, type Firestore, type Query, type QueryConstraint, type QueryDocumentSnapshot, type WhereFilterOp,
} from 'firebase/firestore';
import listed from '../queries.json';

interface Listed {
  name: string;
  /** `users.timeline` is a collection below each document of `users`. */
  collection: string;
  where: [field: string, op: WhereFilterOp][];
  orderBy: [field: string, direction: 'asc' | 'desc'][];
  limit: number;
}

const QUERIES = new Map((listed as Listed[]).map((one) => [one.name, one]));

export interface Asked {
  /** One for each condition, in their order. */
  values?: unknown[];
  /** The id of the document that the collection is below. */
  parent?: string;
  after?: QueryDocumentSnapshot;
  /** All of them are counted, none is read. */
  isCounted?: boolean;
}

export function named(firestore: Firestore, name: string, { values = [], parent, after, isCounted }: Asked = {}): Query {
  const wanted = QUERIES.get(name);
  if (!wanted) throw new Error(`queries.json has no query ${name}`);
  if (wanted.where.length !== values.length) throw new Error(`The query ${name} has ${wanted.where.length} conditions`);
  const fieldOf = (field: string) => (field === '__name__' ? documentId() : field);
  const constraints: QueryConstraint[] = [
    ...wanted.where.map(([field, op], at) => where(fieldOf(field), op, values[at])),
    ...wanted.orderBy.map(([field, direction]) => orderBy(fieldOf(field), direction)),
    ...(after ? [startAfter(after)] : []),
    ...(isCounted ? [] : [limit(wanted.limit)]),
  ];
  return query(collectionOf(firestore, wanted.collection, parent), ...constraints);
}

function collectionOf(firestore: Firestore, name: string, parent: string | undefined): CollectionReference {
  const [above, below] = name.split('.');
  if (below === undefined) return collection(firestore, name);
  if (!above || !parent) throw new Error(`The collection ${name} is below a document`);
  return collection(firestore, above, parent, below);
}
