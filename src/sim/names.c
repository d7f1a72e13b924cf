/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of names. First and last names are common ones put together by chance;
 * any likeness is chance too. Numbers are in numbers.c. */
#include "sim/names.h"

#include <stdio.h>

#include "base/mem.h"

struct spelling {
	const char *text, *ascii;
};

static const struct spelling FIRST[] = {
	{ "Ana", "ana" },	    { "Luis", "luis" },	       { "Tomás", "tomas" },
	{ "Raúl", "raul" },	    { "Elena", "elena" },      { "Marta", "marta" },
	{ "Hugo", "hugo" },	    { "Paula", "paula" },      { "Iván", "ivan" },
	{ "Diego", "diego" },	    { "Mateo", "mateo" },      { "Rosa", "rosa" },
	{ "Nora", "nora" },	    { "Óscar", "oscar" },      { "Sofía", "sofia" },
	{ "Julián", "julian" },	    { "Camila", "camila" },    { "Andrés", "andres" },
	{ "Valentina", "valentina" }, { "Felipe", "felipe" },  { "Lucía", "lucia" },
	{ "Esteban", "esteban" },   { "Natalia", "natalia" },  { "Rodrigo", "rodrigo" },
	{ "Adriana", "adriana" },   { "Gabriel", "gabriel" },  { "Inés", "ines" },
	{ "Samuel", "samuel" },	    { "Carolina", "carolina" }, { "Begoña", "begona" },
	{ "Martín", "martin" },	    { "Alejandra", "alejandra" }, { "Ricardo", "ricardo" },
	{ "Daniela", "daniela" },   { "Emilio", "emilio" },    { "Teresa", "teresa" },
	{ "Nicolás", "nicolas" },   { "Marina", "marina" },    { "Joaquín", "joaquin" },
	{ "Verónica", "veronica" },
};

static const struct spelling LAST[] = {
	{ "Bernal", "bernal" },	    { "Duarte", "duarte" },    { "Iriarte", "iriarte" },
	{ "Herrera", "herrera" },   { "Laverde", "laverde" },  { "Salazar", "salazar" },
	{ "Cifuentes", "cifuentes" }, { "Jaramillo", "jaramillo" }, { "Rincón", "rincon" },
	{ "Ospina", "ospina" },	    { "Mendoza", "mendoza" },  { "Pardo", "pardo" },
	{ "Galindo", "galindo" },   { "Arboleda", "arboleda" }, { "Quiroga", "quiroga" },
	{ "Fonseca", "fonseca" },   { "Urrego", "urrego" },    { "Nariño", "narino" },
	{ "Castaño", "castano" },   { "Peñalosa", "penalosa" }, { "Vargas", "vargas" },
	{ "Solano", "solano" },	    { "Montealegre", "montealegre" }, { "Chavarría", "chavarria" },
	{ "Barrantes", "barrantes" }, { "Umaña", "umana" },    { "Monge", "monge" },
	{ "Ajú", "aju" },	    { "Menchaca", "menchaca" }, { "Portillo", "portillo" },
	{ "Guardado", "guardado" }, { "Escalante", "escalante" }, { "Zúñiga", "zuniga" },
	{ "Bolaños", "bolanos" },   { "Tejada", "tejada" },    { "Aristizábal", "aristizabal" },
	{ "Córdoba", "cordoba" },   { "Lemus", "lemus" },      { "Ramírez", "ramirez" },
	{ "Suárez", "suarez" },	    { "Benavides", "benavides" }, { "Acevedo", "acevedo" },
	{ "Villamil", "villamil" }, { "Orozco", "orozco" },    { "Pineda", "pineda" },
	{ "Sarmiento", "sarmiento" }, { "Téllez", "tellez" },  { "Moncada", "moncada" },
};

static const char *const DEPARTMENTS[] = {
	"Comercial", "Cartera", "Tesorería", "Operaciones", "Tecnología", "Riesgo",
	"Servicio al cliente", "Jurídica", "Talento humano", "Seguridad", "Auditoría", "Tarjetas",
};

static const char *const ROOMS[] = { "Sala", "Recepción", "Bodega", "Portería", "Cafetería", "Caja" };

static const char *const QUEUES[] = {
	"Cola Tarjetas", "Cola Cartera", "Cola Servicio", "Cola Empresas", "Cola Soporte",
	"Cola Reclamos", "Cola Inversión", "Cola Hipotecas",
};

static const char *const PARTNERS[] = {
	"SEGUROS ALTAVISTA", "NOTARIA OCTAVA", "TRANSVALORES", "ALMACENES COLIBRI",
	"CLINICA LA CEIBA", "FIDUCIARIA ANDINA", "CONSTRUCTORA ROBLE", "COOPERATIVA EL FARO",
};

void sim_name_make(struct rng *r, struct arena *arena, size_t serial, struct sim_name *out)
{
	const struct spelling *first = &FIRST[rng_below(r, COUNT_OF(FIRST))];
	const struct spelling *last = &LAST[rng_below(r, COUNT_OF(LAST))];
	const struct spelling *mother = &LAST[rng_below(r, COUNT_OF(LAST))];
	out->first = first->text;
	out->last = arena_printf(arena, "%s %s", last->text, mother->text);
	out->display = arena_printf(arena, "%s %s", first->text, out->last);
	out->mailbox = arena_printf(arena, "%s.%s%zu", first->ascii, last->ascii, serial);
}

const char *sim_department(struct rng *r)
{
	return DEPARTMENTS[rng_below(r, COUNT_OF(DEPARTMENTS))];
}

const char *sim_place_name(struct arena *arena, struct rng *r, const char *city, size_t serial)
{
	return arena_printf(arena, "%s %s %zu", ROOMS[rng_below(r, COUNT_OF(ROOMS))], city, serial);
}

const char *sim_queue_name(size_t i)
{
	return QUEUES[i % COUNT_OF(QUEUES)];
}

const char *sim_partner_name(size_t i)
{
	return PARTNERS[i % COUNT_OF(PARTNERS)];
}

/* What a name can do to a terminal, a log, a page of JSON or a shell. */
static const char *const HOSTILE[] = {
	"\x1b[2J\x1b[31mROJO\x1b[0m",			  /* clears the screen */
	"\x1b]0;titulo\x07" "Ana Bernal",		  /* sets the title */
	"\x1b]52;c;ZWNobyBwd25lZA==\x07",		  /* writes the clipboard */
	"Ana \xe2\x80\xae" "lanreB",			  /* U+202E: right to left */
	"\xe2\x81\xa6" "Luis\xe2\x81\xa9 Duarte",	  /* isolates */
	"Ele\xe2\x80\x8b" "na\xe2\x80\x8d\xef\xbb\xbf Pardo", /* zero width */
	"Marta \"la jefa\" O'Neil \\ \\\\",		  /* quotes, backslashes */
	"Robert'); DROP TABLE cdr;--",
	"\xff\xfe\x80 Hugo",				  /* no UTF-8 */
	"Paula \xc0\xaf\xed\xa0\x80",			  /* overlong, surrogate */
	"Nora\xe2",					  /* cut in a character */
	"Iv\xc2\x9b" "31m\xc3\xa1n",			  /* C1 control sequence */
	"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e",		  /* two columns each */
	"Zo\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86 Lemus", /* marks in a pile */
	"\r\nHTTP/1.1 200 OK\r\n\r\n",
	"=HYPERLINK(\"http://example.invalid\")",	  /* a spreadsheet's */
	"%s%s%n%x",
	"NA",
	"null",
	"<script>alert(1)</script>",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb Ana", /* joined emoji */
	"\tTab\tulador\b\b\b",
};

const char *sim_hostile_name(struct arena *arena, size_t i)
{
	i %= COUNT_OF(HOSTILE) + 1;
	if (i < COUNT_OF(HOSTILE))
		return HOSTILE[i];
	char *longest = arena_alloc(arena, 3001);
	for (size_t k = 0; k < 3000; k += 2)
		memcpy(longest + k, "\xc3\xb1", 2); /* 1500 ñ */
	longest[3000] = '\0';
	return longest;
}

size_t sim_n_hostile_names(void)
{
	return COUNT_OF(HOSTILE) + 1;
}
